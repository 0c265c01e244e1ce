//! Patterns that code triggers by naming something: `asyncio.gather`, `builtins.open`.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use super::canonical::{aliases, canonical};
use super::names::Certainty;
use super::source_file::SourceFile;
use super::syntax::Node;
use crate::catalog::{Catalog, PatternIndex, Tier};

/// Patterns by the qualified name that triggers them.
#[derive(Debug, Default)]
pub struct Symbols {
    names: HashMap<String, Vec<PatternIndex>>,
    /// Patterns for everything below a module (`secrets.*`).
    modules: HashMap<String, Vec<PatternIndex>>,
}

impl Symbols {
    /// Adds the names of a pattern.
    pub fn add(&mut self, names: &[String], pattern: PatternIndex) {
        for name in names {
            match name.strip_suffix(".*") {
                Some(module) => self
                    .modules
                    .entry(module.to_owned())
                    .or_default()
                    .push(pattern),
                None => self.names.entry(name.clone()).or_default().push(pattern),
            }
        }
    }

    fn get(&self, name: &str) -> impl Iterator<Item = PatternIndex> {
        let module = name
            .rsplit_once('.')
            .and_then(|(module, _)| self.modules.get(module));
        self.names
            .get(name)
            .into_iter()
            .chain(module)
            .flatten()
            .copied()
    }

    /// The patterns that an expression triggers: certain ones first, then those for which one fitting binding, or a star import, is enough.
    pub fn triggered(
        &self,
        catalog: &Catalog,
        file: &SourceFile,
        expression: Node<'_>,
    ) -> Vec<PatternIndex> {
        let of_tier = |name: &str, tier| {
            self.get(name)
                .filter(move |&p| catalog.patterns[p].tier == tier)
                .collect::<Vec<_>>()
        };
        let mut patterns = Vec::new();
        if let Some(certain) = file.names().resolve(expression, Certainty::All) {
            patterns.extend(of_tier(&certain.name, Tier::Finding));
        }
        if let Some(possible) = file.names().resolve(expression, Certainty::Any) {
            patterns.extend(of_tier(&possible.name, Tier::Mention));
        } else if expression.is("identifier") && file.names().owner(expression).is_none() {
            for module in file.names().star_imports() {
                patterns.extend(of_tier(
                    &canonical(format!("{module}.{}", expression.text())),
                    Tier::Mention,
                ));
            }
        }
        patterns
    }
}

/// The words with which code can come to one of the symbols.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Every qualified name and every module above one: `asyncio` and `asyncio.gather`.
    paths: HashSet<String>,
    /// The first name of every builtin symbol.
    builtins: HashSet<String>,
    /// The last name of every symbol: what a star import may bind.
    members: HashSet<String>,
}

impl Vocabulary {
    /// Adds the names of a pattern.
    pub fn add(&mut self, names: &[String]) {
        for name in names {
            for path in aliases(name).into_iter().chain([name.clone()]) {
                let ends = path.match_indices('.').map(|(end, _)| end);
                self.paths.extend(ends.map(|end| path[..end].to_owned()));
                self.paths.insert(path);
            }
            if let Some(builtin) = name.strip_prefix("builtins.") {
                let first = builtin.split('.').next().unwrap_or(builtin);
                self.builtins.insert(first.to_owned());
            }
            self.members
                .extend(name.rsplit('.').next().map(str::to_owned));
        }
    }

    /// Whether a name in this file may stand for, or lead to, a symbol. An expression that starts with any other name needs
    /// no look at its scopes.
    pub fn speaks_of(&self, file: &SourceFile, name: &str) -> bool {
        self.builtins.contains(name)
            || file
                .names()
                .imports_of(name)
                .any(|target| self.leads(target))
            || !file.names().star_imports().is_empty() && self.members.contains(name)
    }

    fn leads(&self, target: &str) -> bool {
        let inside = canonical(format!("{target}.x"));
        let module = inside.strip_suffix(".x").unwrap_or(&inside);
        let name = canonical(target.to_owned());
        let in_wildcard = name
            .rsplit_once('.')
            .map(|(module, _)| format!("{module}.*"));
        self.paths.contains(module)
            || self.paths.contains(&name)
            || in_wildcard.is_some_and(|wildcard| self.paths.contains(&wildcard))
    }
}
