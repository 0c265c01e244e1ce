//! One name for things that can be imported from several places.

/// Modules whose contents are public under another module.
const MODULES: [(&str, &str); 22] = [
    ("asyncio.tasks", "asyncio"),
    ("asyncio.taskgroups", "asyncio"),
    ("asyncio.runners", "asyncio"),
    ("asyncio.locks", "asyncio"),
    ("asyncio.queues", "asyncio"),
    ("asyncio.timeouts", "asyncio"),
    ("asyncio.threads", "asyncio"),
    ("asyncio.events", "asyncio"),
    ("asyncio.exceptions", "asyncio"),
    ("asyncio.futures", "asyncio"),
    ("asyncio.streams", "asyncio"),
    ("concurrent.futures.thread", "concurrent.futures"),
    ("concurrent.futures.process", "concurrent.futures"),
    ("concurrent.futures._base", "concurrent.futures"),
    ("typing_extensions", "typing"),
    ("mock", "unittest.mock"),
    ("_collections_abc", "collections.abc"),
    ("unittest.case", "unittest"),
    ("multiprocessing.pool", "multiprocessing"),
    ("importlib_metadata", "importlib.metadata"),
    ("pathlib._local", "pathlib"),
    ("requests.api", "requests"),
];

/// Names of `typing` that are aliases of a class in `collections.abc`.
const TYPING_ABCS: [&str; 22] = [
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "Awaitable",
    "Callable",
    "Collection",
    "Container",
    "Coroutine",
    "Generator",
    "Hashable",
    "ItemsView",
    "Iterable",
    "Iterator",
    "KeysView",
    "Mapping",
    "MutableMapping",
    "MutableSequence",
    "MutableSet",
    "Reversible",
    "Sequence",
    "Sized",
    "ValuesView",
];

/// Single names that are the same object as another one.
const NAMES: [(&str, &str); 6] = [
    ("asyncio.TimeoutError", "builtins.TimeoutError"),
    ("concurrent.futures.TimeoutError", "builtins.TimeoutError"),
    ("io.open", "builtins.open"),
    ("socket.timeout", "builtins.TimeoutError"),
    ("typing.AbstractSet", "collections.abc.Set"),
    ("requests.sessions.Session", "requests.Session"),
];

/// The name under which the documentation lists what `name` refers to: `asyncio.tasks.gather` is `asyncio.gather`,
/// `typing_extensions.Protocol` is `typing.Protocol`. A name without an alias is returned as it is.
pub fn canonical(mut name: String) -> String {
    if !has_aliases(&name) {
        return name;
    }
    for (module, public) in MODULES {
        if let Some(rest) = name
            .strip_prefix(module)
            .filter(|rest| rest.starts_with('.'))
        {
            name = format!("{public}{rest}");
            break;
        }
    }
    if let Some((_, same)) = NAMES.iter().find(|(alias, _)| *alias == name) {
        return (*same).to_owned();
    }
    if let Some(class) = name
        .strip_prefix("typing.")
        .filter(|class| TYPING_ABCS.contains(class))
    {
        return format!("collections.abc.{class}");
    }
    name
}

/// Whether the documentation lists what `name` refers to as `documented`.
pub fn is_documented_as(name: &str, documented: &str) -> bool {
    name == documented || has_aliases(name) && canonical(name.to_owned()) == documented
}

/// Whether something in the same package has an alias: few names need to be looked up in the tables.
fn has_aliases(name: &str) -> bool {
    let package = name.split('.').next().unwrap_or(name);
    matches!(
        package,
        "asyncio"
            | "concurrent"
            | "typing"
            | "typing_extensions"
            | "mock"
            | "_collections_abc"
            | "unittest"
            | "multiprocessing"
            | "importlib_metadata"
            | "pathlib"
            | "requests"
            | "io"
            | "socket"
    )
}

/// The names of modules' own that are the same object as what the documentation lists under `name`: `typing.Callable` for
/// `collections.abc.Callable`. `name` may stand for all of a module (`collections.abc.*`). What is below a module that is
/// public under another one is not among them.
pub fn aliases(name: &str) -> Vec<String> {
    let is_meant = |documented: &str| match name.strip_suffix(".*") {
        Some(module) => documented
            .rsplit_once('.')
            .is_some_and(|(documented, _)| documented == module),
        None => documented == name,
    };
    let single = NAMES.iter().filter(|(_, documented)| is_meant(documented));
    let abc = name.strip_prefix("collections.abc.");
    let typing = TYPING_ABCS.iter();
    let typing = typing.filter(|class| abc.is_some_and(|abc| abc == "*" || abc == **class));
    single
        .map(|(alias, _)| (*alias).to_owned())
        .chain(typing.map(|class| format!("typing.{class}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{MODULES, NAMES, aliases, canonical, has_aliases};

    #[test]
    fn every_name_in_the_tables_is_looked_up() {
        let names = MODULES.iter().chain(&NAMES).map(|(alias, _)| *alias);
        for name in names.chain(["typing.Mapping"]) {
            assert!(has_aliases(name), "{name}");
        }
    }

    #[test]
    fn aliases_have_the_name_as_their_documented_one() {
        for name in [
            "builtins.open",
            "collections.abc.Set",
            "collections.abc.Mapping",
        ] {
            assert!(!aliases(name).is_empty(), "{name}");
            for alias in aliases(name) {
                assert_eq!(canonical(alias), name);
            }
        }
        assert_eq!(aliases("asyncio.gather"), [""; 0]);
        assert!(aliases("collections.abc.*").contains(&"typing.Mapping".to_owned()));
    }

    #[test]
    fn re_exports_get_their_documented_name() {
        for (alias, documented) in [
            ("asyncio.tasks.gather", "asyncio.gather"),
            (
                "concurrent.futures.thread.ThreadPoolExecutor",
                "concurrent.futures.ThreadPoolExecutor",
            ),
            ("typing_extensions.Protocol", "typing.Protocol"),
            ("typing_extensions.Callable", "collections.abc.Callable"),
            ("asyncio.exceptions.TimeoutError", "builtins.TimeoutError"),
            ("mock.patch", "unittest.mock.patch"),
            ("mockito.patch", "mockito.patch"),
        ] {
            assert_eq!(canonical(alias.to_owned()), documented);
        }
    }
}
