//! What is read without tree-sitter, by equality with what tree-sitter finds.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use proptest::prelude::*;

use super::nodes;
use crate::analysis::segments;
use crate::analysis::table::{NodeData, Table, kind_name};

/// What tree-sitter finds and this parser does not, or the other way round: nothing if it leaves the text to tree-sitter.
fn difference(text: &str) -> Option<String> {
    let found = nodes(text)?;
    let expected = Table::from_tree(text).nodes;
    if found[..] == expected[..] {
        return None;
    }
    let pairs = found.iter().zip(&expected);
    let first = pairs
        .take_while(|(found, expected)| found == expected)
        .count();
    let shown =
        |nodes: &[NodeData]| format!("{:?}", nodes.get(first).map(|n| (kind_name(n.kind), n)));
    Some(format!(
        "{text:?}\n{}\nis to be\n{}",
        shown(&found),
        shown(&expected)
    ))
}

#[track_caller]
fn assert_same(text: &str) {
    assert_eq!(difference(text), None);
}

/// Statements that are read without tree-sitter.
const STATEMENTS: &[&str] = &[
    "",
    "\n \n",
    "# c",
    "\n# c\n\nx\n# d\n ",
    "pass; break;",
    "a; b  # c",
    "x, y",
    "x = a, b",
    "x = 1,",
    "x = *a, b",
    "*a, b = x",
    "(a), [b, (c, *d)] = x",
    "a = b = c, d",
    "a, b = c.d, e[f] = g",
    "x += 1, 2",
    "x //= y",
    "a = b += c",
    "x: int",
    "x: int = 3",
    "self.x: 'A' = b'c'",
    "x: List[int, Dict[str, a.B[c]]] | None",
    "x: A | B[int]",
    "x: A[int] | B[int] | C | D[e]",
    "x: Callable[[int], type[str]]",
    "x = y = yield",
    "x = yield a, b",
    "yield from a",
    "yield",
    "(yield x)",
    "return",
    "return *a, b",
    "raise",
    "raise A, B",
    "raise A(b) from c",
    "assert a, b",
    "del a, b[c], d.e",
    "del (a, b)",
    "global a, b",
    "nonlocal a",
    "import a.b as c, d.e",
    "from . import a",
    "from .a.b import (c as d, e,)  # f",
    "from ... import *",
    "from .... import a",
    "from __future__ import (a, b)",
    "from a.b import c, d",
    "print(*a, b, **k, e=f)",
    "f(*a.b, *c)",
    "print (a), b",
    "exec(a)",
    "match.group(1)",
    "match = type = 3",
    "type: int = 3",
    "f(type=1, match=2, print=3)",
    "x = match[type(x)]",
    "f(*x.y(z))",
    "f(a, *x[0](1).y, **b)",
    "f(*(a), *[b])",
    "[*a, *b]",
    "{*a, b}",
    "(*a, b)",
    "x[*a]",
    "f(x for x in y if z for w in a if q)",
    "(x for x in y)",
    "[x for x, in y]",
    "[x async for (x, [y]), *z in w or v]",
    "{a: b for a, b in c}",
    "{a for b in c if d or e}",
    "[a if b else c for d in e]",
    "{**a, b: c, 'd': e,}",
    "{}, {a}, {a, b,}, {a: b}",
    "(), (a,), (a), (a, b), [], [a, b,]",
    "x[a]",
    "x[1:2, ::3, :, a]",
    "x[:-1][a:][b:c:d]",
    "x.y[0](z).w",
    "lambda: 0",
    "lambda x, *a, y=1, **k: x if a else b",
    "lambda *, a: lambda: a",
    "a = lambda x, y: x, y",
    "a if b else c if d else e",
    "a if b else lambda: c",
    "not a == b and not c or d",
    "a or b or c and d",
    "a not in b is not c",
    "a < b == c in d",
    "a | b & c ^ d << e + f",
    "a - b - c * d @ e // f % g / h",
    "a ** -b ** c",
    "-a.b ** 2",
    "~a * +b",
    "await a.b(c)[d]",
    "await a + await b",
    "await x ** 2",
    "(x := a if b else c)",
    "f(a := b and c, d)",
    "if x := f(y): pass",
    "x = ...",
    "0x1F, 0b1, 0o7, 1_000, 1.5, .5, 1., 1e5, 1.5E-3j, 0777",
    "True, False, None",
    "''",
    "\"abc\\n\\qd{x}\"",
    "'\\x41\\u1234\\U00012345\\N{LATIN SMALL LETTER A}\\123\\'\\\n x'",
    "r'\\\\'",
    "r'a\\'b' R\"\\d\"",
    "rb\"\\x\" \"a\" u'b'",
    "b'\\x41\\\n'",
    "\"\"\"a\"b\"\"c\n\\\"\"\"\"",
    "r'''a\\'''b'''",
    "f\"a{{b}}{x!r:>{w}.2f}c{y=}{z:%Y-%m}\"",
    "f\"{a['b']}\" f'''x\n{y}\n'''",
    "f'{ x if y else z }{a!s}{b=!r}'",
    "f'{x:{y}{z}}' t'{a}' rf'\\d{b}'",
    "'é' \"日本\"  # ü",
    "('a'\n # c\n 'b')",
    "x = 1 + \\\n  2",
    "x = \\\n 'a'",
    "f(a, # b\n  # c\n  d  # e\n  # f\n  , # g\n  )",
    "(a\n+ b\n# c\n)",
    "x = [\n    a,\n\n    # b\n    c,\n]",
    "if x: y; z # c",
    "if x: # c\n    # d\n    y # e\n    # f\n# g\nelif z:\n    pass\n# h\nelse:\n    pass\n# i\nq\n",
    "if a:\n    if b:\n        c\n    # d\n  # e\nf",
    "if a:\n    if b:\n        c\n        # d\n\n\n    else:\n        # e\n        f\n",
    "if a:\n\tb\n\tif c:\n\t\td\n\te",
    "if a:\n  b\n else:\n  c",
    "    if a:\n        b\n    c\n",
    "for a, (b, c) in d, e: pass\nelse: pass",
    "for x in y:\n    continue\nelse:\n    break\n",
    "for a, *b in c: d",
    "while a: b\nelse: c",
    "while a:\n    b\n    # c\nd",
    "try:\n    a\nexcept: b\nexcept A: c\nexcept A as e: d\nexcept (A, B) as e:\n    d\nelse:\n    e\nfinally:\n    f",
    "try: a\nexcept* A as e: b",
    "try: a\n# b\nfinally: c",
    "with a as b, c: pass",
    "with a(), b() as (c, d): pass",
    "with (a): pass",
    "with (a) as b, (c): pass",
    "with (a, b) as c: pass",
    "with (a, b): pass",
    "with (\n    a as b,\n    c() as d,\n):\n    pass",
    "with (yield x): pass",
    "async def f():\n    async for x in y:\n        await z\n    async with a as b: pass",
    "def f(): pass",
    "def f(a, b: int, c=1, d: int = 2, *args: int, e, **kw: A[b]) -> Foo: pass",
    "def f(a, /, *, b): return",
    "def f(\n    a,  # b\n    c: int = 1,\n    # d\n) -> None:\n    '''e'''\n    # f\n",
    "def f() -> a.B: ...  # c",
    "class A: x",
    "class A(): x",
    "class A(B, *c, metaclass=C, **d):\n    '''e'''\n\n    f: int = 1\n\n    @g\n    def h(self): ...\n",
    "@a.b(c)  # d\n# e\n@f\nclass A(B, metaclass=C): x",
    "@a\n\nasync def f(): pass\n# b",
    "class A:\n    def f(self):\n        pass\n\n    # b\n    def g(self):\n        pass\n# c\n",
    "class A:\n\x0c\n    def f(self):\n        pass\n\x0cb",
    "if a:\r\n    b()  # c\r\n    # d\r\ne = '''f\r\n'''\r\n",
    "x = (a,\r\n     # b\r\n     c)\r\n",
    "x = 'a\\\r\nb' + \\\r\n  c\r\n",
    "def f():\n    return a, b\n\n\ndef g():\n    return\n",
];

/// Texts that are broken, rare, or that tree-sitter reads in a way of its own.
const OTHERS: &[&str] = &[
    "x = (",
    "x = 'a",
    "x = 1 2",
    "def f(:\n    pass",
    "def f(a):\n",
    "if a:\nb",
    "if a:\n    b\n  c\n   d\n",
    "else: a",
    "x = \n1",
    "x =\n 'a'",
    "print x",
    "print >>a, b",
    "print a, b",
    "exec 'a' in b",
    "a <> b",
    "a < > b",
    "`a`",
    "a, b, \nc = d",
    "x = a, 'b'\n['c']",
    "a, f()\n[b] = c",
    "x = a, 'b'\n'c'.d = e",
    "type X = int",
    "type[x] = y",
    "type(x).y = z",
    "match x:\n    case 1: pass",
    "match(x)\n",
    "match [x]: int",
    "x: print[a]",
    "def f[T](x): pass",
    "class A[T]: pass",
    "def f(a: *B): pass",
    "def f() -> A[b]: c: d",
    "def f() -> None: List[a]: c[d]",
    "def f((a, b)): pass",
    "f(*a, *b(c), *d + e)",
    "[*a.b]",
    "[*f(x)(y).z]",
    "x, y = [*a.b, *c], []",
    "x = *f(x), *a.b, *[a]",
    "[*[a].b]",
    "[a for b in c if d else e]",
    "[a for b in lambda: c, d]",
    "a if b else c := d",
    "x[a := b]",
    "f'{a, b}'",
    "f'{x'",
    "f'}'",
    "f'{x:\\n}'",
    "rf'\\{x}'",
    "r'''a\"\\'''",
    "b'\\N\\u0041'",
    "'\\N{x'",
    "with (a as b): pass",
    "with a if b else c as d: pass",
    "try: a\nexcept A, B: b",
    "@a\n# b\n  def f(): pass",
    "class A:\n    @a\n# b\n    def f(): pass",
    "if a:\n    x = (b +\nc)",
    "if a:\n    x = (b,\n# d\n  c)",
    "x = 1 \\\n\ny",
    "x \\",
    "a\rb",
    "a\0b",
    "\u{feff}a",
    "ä = 1",
    "1_a, 1__0, 1L, 0xg, 1if a else b",
];

#[test]
fn intact_statements_are_read_as_tree_sitter_reads_them() {
    let left: Vec<_> = STATEMENTS.iter().filter(|t| nodes(t).is_none()).collect();
    assert_eq!(left, Vec::<&&str>::new());
    for text in STATEMENTS {
        for text in [
            (*text).to_owned(),
            format!("{text}\n"),
            format!("{text}\n\nx\n"),
        ] {
            assert_same(&text);
        }
        let indented = text.replace('\n', "\n    ");
        assert_same(&format!("def f():\n    {indented}\n"));
    }
}

#[test]
fn other_texts_are_left_to_tree_sitter_or_read_alike() {
    for text in OTHERS {
        assert_same(text);
        assert_same(&format!("{text}\n"));
        assert_same(&format!("if a:\n    {text}\nb\n"));
    }
}

#[test]
fn deep_nesting_is_left_to_tree_sitter() {
    let nested =
        |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(5_000), close.repeat(5_000));
    for text in [
        nested("(", ")"),
        nested("[", "]"),
        nested("{a: ", "}"),
        nested("f(", ")"),
        nested("not ", ""),
        nested("- ", ""),
        nested("a ** ", ""),
        nested("x = ", ""),
        nested("lambda: ", ""),
        nested("a if b else ", ""),
    ] {
        assert!(nodes(&text).is_none(), "{}", &text[..20]);
    }
    assert_same(&format!("x = {}1\n", "a + ".repeat(5_000)));
}

#[test]
fn heads_of_definitions_are_read_as_tree_sitter_reads_them() {
    for head in [
        "class A:\n",
        "@d\nclass A(B):  # c\n    # d\n",
        "    async def f(\n        a,\n    ):\n\n",
        "class A(B):\r\n    # d\r\n",
    ] {
        let found = Table::of_head(head, "        ");
        let expected = Table::head_from_tree(head, "        ");
        assert_eq!(found.nodes, expected.nodes, "{head:?}");
        assert_eq!(found.body, expected.body, "{head:?}");
        let whole = format!("{head}        pass\n");
        assert!(super::head(&whole, head.len()).is_some(), "{head:?}");
    }
    for broken in ["def f(a, b\n", "class\n", "x = 1\n", "class A: x\n", ""] {
        let found = Table::of_head(broken, "    ");
        assert_eq!(
            found.nodes,
            Table::head_from_tree(broken, "    ").nodes,
            "{broken:?}"
        );
    }
}

#[test]
fn modules_of_the_standard_library_are_read_as_tree_sitter_reads_them() {
    let python = env::var_os("HOTSEAT_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let script = "import os, sys; sys.stdout.write(os.path.dirname(os.__file__))";
    let output = Command::new(python).args(["-c", script]).output();
    let output = output.expect("python3 is needed, or one that HOTSEAT_TEST_PYTHON names");
    let library = PathBuf::from(String::from_utf8(output.stdout).expect("a path"));
    let (mut all, mut read) = (0, 0);
    for module in [
        "argparse",
        "ast",
        "dataclasses",
        "difflib",
        "tarfile",
        "typing",
    ] {
        let text = fs::read_to_string(library.join(module).with_extension("py"));
        let syntax = segments::parse(&text.expect("a module"));
        for segment in syntax
            .segments()
            .iter()
            .filter(|s| s.parsed.head_of.is_none())
        {
            let text = &segment.parsed.text;
            all += text.len();
            read += if nodes(text).is_some() { text.len() } else { 0 };
            assert_same(text);
        }
    }
    assert!(read * 100 > all * 95, "{read} of {all} bytes");
}

/// What is put into a text or takes the place of a part of it.
const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "\n",
    "\n    ",
    "\n\t",
    "  ",
    " ",
    "=",
    "==",
    "*",
    "**",
    "+",
    "-",
    "@",
    "#",
    "# c\n",
    "\\\n",
    "\\",
    "\"",
    "'",
    "\"\"\"",
    "f\"",
    "{{",
    "!r",
    "!",
    ":=",
    ";",
    "if ",
    "else ",
    "for x in ",
    "in ",
    "not ",
    "is ",
    "and ",
    "lambda ",
    "lambda: ",
    "yield ",
    "await ",
    "async ",
    "def f",
    "class A",
    "return ",
    "import ",
    "from ",
    "as ",
    "with ",
    "try:",
    "except ",
    "finally:",
    "else:",
    "print ",
    "exec ",
    "match ",
    "type ",
    "_",
    "1",
    "1.5",
    "...",
    "->",
    "|",
    "<",
    ">",
    "+=",
    "\r\n",
    "\r",
    "\x0c",
    "\t",
    "é",
    "\0",
    "r'",
    "*a",
    ", b",
    "(a, b)",
    "a as b",
    "\n#c\n",
    "\n        ",
    "[a]",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn changed_statements_are_read_as_tree_sitter_reads_them(
        statements in prop::collection::vec(prop::sample::select(STATEMENTS), 1..4),
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), 0..6usize, prop::sample::select(PIECES)),
            0..4,
        ),
    ) {
        let mut text = statements.join("\n");
        for (at, removed, piece) in changes {
            let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
            let start = boundary(at.index(text.len() + 1)).unwrap_or(0);
            let end = boundary(start + removed.saturating_sub(3)).unwrap_or(start).max(start);
            text.replace_range(start..end, piece);
        }
        prop_assert_eq!(difference(&text), None);
    }

    #[test]
    fn pieces_in_any_order_are_read_as_tree_sitter_reads_them(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12),
    ) {
        prop_assert_eq!(difference(&pieces.concat()), None);
    }
}
