//! `hotseat check` on notebooks.

use serde_json::{Value, json};

use super::{Project, at};

/// Two forms of sources, prose, another language, magics, an output, and formatting that nobody would choose.
const NOTEBOOK: &str = r##"{
 "metadata": {"b":1.0,  "a": "caf\u00e9"},
 "cells": [
  {"cell_type": "markdown", "metadata": {}, "source": "# assert True"},
  {"cell_type": "code", "metadata": {}, "outputs": [],
   "source": ["%pip install openai\n", "x = 1"]},
  {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["%%bash\n", "assert True"]},
  {
   "outputs": [{"output_type": "stream", "text": ["assert True\n"]}],
   "source": [
      "s = \"\u00e9\"\n",
      "y = \"\ud83d\ude00\", not not x\n",
      "!ls"
   ],
   "cell_type": "code", "metadata": {}
  },
  {"cell_type": "code", "metadata": {}, "outputs": [], "source": "%%time\nz = not not s\n"}
 ], "nbformat": 4, "nbformat_minor": 5 }"##;

#[test]
fn places_are_named_by_cell_and_line() {
    let project = Project::new(&[("a.ipynb", NOTEBOOK), ("b.py", "assert True\n")]);
    let ran = project.check(&["--format", "json", "."]);
    let items: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    let place = |item: &Value| (item["cell"].clone(), item["start"].clone());
    assert_eq!(
        items.iter().map(place).collect::<Vec<_>>(),
        [
            (json!(4), json!({"line": 2, "column": 13})),
            (json!(5), json!({"line": 2, "column": 5})),
            (Value::Null, json!({"line": 1, "column": 1})),
        ]
    );
    let keys: Vec<&String> = items[0].as_object().unwrap().keys().collect();
    assert_eq!(keys[..3], ["path", "cell", "pattern"]);
    assert_eq!(items[2].get("cell"), None);
    let text = project.check(&["a.ipynb"]);
    assert!(text.out.contains("a.ipynb:cell 4:2:10"), "{}", text.out);
    assert!(text.out.contains("not not x"), "{}", text.out);
    assert!(text.err.contains("2 findings in 1 file"), "{}", text.err);
}

#[test]
fn tools_that_show_files_are_told_the_lines_of_the_file() {
    let project = Project::new(&[("a.ipynb", NOTEBOOK)]);
    let (line, text) = (1..)
        .zip(NOTEBOOK.lines())
        .find(|(_, text)| text.contains("not not x"))
        .unwrap();
    let column = text.split("not not x").next().unwrap().chars().count() + 1;
    let github = project.check(&["--format", "github", "a.ipynb"]).out;
    assert!(
        github.contains(&format!("line={line},endLine={line},col={column},")),
        "{github}"
    );
    assert!(github.contains("::cell 4, line 2: "), "{github}");
    let sarif: Value =
        serde_json::from_str(&project.check(&["--format", "sarif", "a.ipynb"]).out).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    let location = &result["locations"][0];
    let region = &location["physicalLocation"]["region"];
    assert_eq!(
        (&region["startLine"], &region["startColumn"]),
        (&json!(line), &json!(column))
    );
    let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
    let (offset, length) = (number("byteOffset"), number("byteLength"));
    assert_eq!(&NOTEBOOK[offset..offset + length], "not not x");
    assert_eq!(
        location["logicalLocations"],
        json!([{"name": "cell 4, line 2"}])
    );
    assert_eq!(result.get("fixes"), None);
}

#[test]
fn fixes_change_the_sources_and_nothing_else() {
    let project = Project::new(&[("a.ipynb", NOTEBOOK)]);
    let expected = NOTEBOOK
        .replace("not not x", "bool(x)")
        .replace("not not s", "bool(s)");
    let ran = project.check(&["--fix", "--review", "a.ipynb"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    // The line that was changed is written anew, with escapes as the file has them.
    assert_eq!(project.read("a.ipynb"), expected);
    let piped = project.check_with_input(
        &["--fix", "--review", "--stdin-filename", "a.ipynb", "-"],
        NOTEBOOK,
    );
    assert_eq!(piped.out, expected);
    let unchanged = project.check_with_input(
        &["--fix", "--review", "--stdin-filename", "a.ipynb", "-"],
        &expected,
    );
    assert_eq!(unchanged.out, expected);
}

#[test]
fn cells_see_what_earlier_cells_import_and_fixes_import_where_it_comes_first() {
    let cells = |sources: &[&str]| {
        let cell = |source: &&str| json!({"cell_type": "code", "source": source});
        json!({"cells": sources.iter().map(cell).collect::<Vec<_>>()}).to_string()
    };
    let class = "@dataclass\nclass Note:\n    tags: list[str] = []";
    let fixed = class.replace("[]", "field(default_factory=list)");
    // What a function uses may be needed before the cell below runs.
    let function = "async def wait():\n    time.sleep(1)";
    let imports = "import asyncio\nimport time";
    let project = Project::new(&[
        (
            "a.ipynb",
            &cells(&["from dataclasses import dataclass", class]),
        ),
        (
            "b.ipynb",
            &cells(&[
                "import dataclasses",
                class,
                "from dataclasses import dataclass",
            ]),
        ),
        ("c.ipynb", &cells(&[imports, function])),
        ("d.ipynb", &cells(&[function, imports])),
        ("d.py", &format!("{function}\n{imports}\n")),
    ]);
    let ran = project.run(&["check", "--fix", "."]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    let expected = cells(&["from dataclasses import dataclass, field", &fixed]);
    assert_eq!(project.read("a.ipynb"), expected);
    let fixed = class.replace("[]", "dataclasses.field(default_factory=list)");
    let expected = cells(&[
        "import dataclasses",
        &fixed,
        "from dataclasses import dataclass",
    ]);
    assert_eq!(project.read("b.ipynb"), expected);
    let fixed = function.replace("time", "await asyncio");
    assert_eq!(project.read("c.ipynb"), cells(&[imports, &fixed]));
    assert_eq!(project.read("d.ipynb"), cells(&[function, imports]));
    assert_eq!(project.read("d.py"), format!("{fixed}\n{imports}\n"));
}

#[test]
fn a_broken_notebook_is_named_with_its_line_and_the_others_are_checked() {
    let broken = NOTEBOOK.replace("\"nbformat\": 4,", "\"nbformat\" 4,");
    let project = Project::new(&[
        ("a.ipynb", &broken),
        ("b.ipynb", "{\"worksheets\": []}"),
        ("c.ipynb", "[]"),
        ("d.py", "assert True\n"),
    ]);
    let ran = project.check(&["."]);
    assert_eq!(ran.code, Some(2));
    let line = NOTEBOOK.lines().count();
    assert!(
        ran.err.contains(&format!(
            "a.ipynb: line {line}: not a notebook: expected `:`"
        )),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("b.ipynb: line 1: ") && ran.err.contains("c.ipynb: line 1: "),
        "{}",
        ran.err
    );
    assert_eq!(project.found(&["d.py"]), [at("d.py", 1, 1, "assert-true")]);
    assert!(ran.out.contains("d.py:1:1"), "{}", ran.out);
}
