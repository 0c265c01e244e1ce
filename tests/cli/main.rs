//! The program as scripts and people use it: arguments and files in; standard output, files and exit codes out.

mod notebooks;

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

mod progress;

/// Findings of both severities, one of them behind characters of several bytes.
const FOUND: &str = "x = 1\nassert True\ny = \"é😀\", not not x\n";

/// A folder with files, in which the program runs.
struct Project {
    folder: tempfile::TempDir,
}

/// What a run of the program left behind.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = Self { folder };
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ran {
        self.run_with_input(arguments, "")
    }

    fn run_with_input<S: AsRef<OsStr>>(&self, arguments: &[S], input: &str) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hotseat"))
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read its input has closed it: that is no error here.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ran::of(&child.wait_with_output().unwrap())
    }

    /// `hotseat check` with the questions of these tests.
    fn check(&self, arguments: &[&str]) -> Ran {
        self.check_with_input(arguments, "")
    }

    fn check_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let questions = questions();
        let mut all = vec!["check", "--content", questions.to_str().unwrap()];
        all.extend(arguments);
        self.run_with_input(&all, input)
    }

    /// Path, line, column and pattern of everything that is found.
    fn found(&self, arguments: &[&str]) -> Vec<(String, u64, u64, String)> {
        let ran = self.check(&[&["--format", "json"], arguments].concat());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let items: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
        let item = |item: &Value| {
            let start = &item["start"];
            (
                text(&item["path"]),
                start["line"].as_u64().unwrap(),
                start["column"].as_u64().unwrap(),
                text(&item["pattern"]),
            )
        };
        items.iter().map(item).collect()
    }
}

fn questions() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/questions")
}

fn at(path: &str, line: u64, column: u64, pattern: &str) -> (String, u64, u64, String) {
    (path.to_owned(), line, column, pattern.to_owned())
}

#[test]
fn json_has_exactly_these_keys_in_this_order() {
    let project = Project::new(&[("a.py", FOUND)]);
    let ran = project.check(&["--format", "json", "a.py"]);
    let expected = json!([
        {
            "path": "a.py", "pattern": "assert-true", "question": "assert-or-raise", "tier": "finding",
            "severity": "warning", "message": "`assert True` never fails: remove it or test something.",
            "start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 12},
            "fixes": [
                {"id": "drop-assert", "title": "Replace by pass", "safety": "safe"},
                {"id": "raise-instead", "title": "Raise an AssertionError (review)", "safety": "review"},
            ],
        },
        {
            "path": "a.py", "pattern": "double-not", "question": "not-operator", "tier": "finding",
            "severity": "hint", "message": "`bool(x)` says it in one word.",
            "start": {"line": 3, "column": 15}, "end": {"line": 3, "column": 24},
            "fixes": [{"id": "use-bool", "title": "Use bool() (review)", "safety": "review"}],
        },
    ]);
    assert_eq!(
        ran.out,
        serde_json::to_string_pretty(&expected).unwrap() + "\n"
    );
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
}

#[test]
fn nothing_found_is_an_empty_array_and_zero() {
    let project = Project::new(&[("a.py", "x = 1\n")]);
    let ran = project.check(&["--format", "json", "a.py"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (Some(0), "[]\n", "")
    );
}

#[test]
fn mentions_are_listed_on_request_and_are_no_reason_to_fail() {
    let project = Project::new(&[("a.py", "assert x\n")]);
    assert_eq!(project.found(&["a.py"]), []);
    assert_eq!(
        project.found(&["--mentions", "a.py"]),
        [at("a.py", 1, 1, "m-assert")]
    );
    let ran = project.check(&["--mentions", "--format", "json", "a.py"]);
    assert_eq!(ran.code, Some(0));
    let item = &serde_json::from_str::<Value>(&ran.out).unwrap()[0];
    assert_eq!(item["tier"], "mention");
    assert_eq!(item["severity"], "hint");
}

#[test]
fn folders_are_searched_and_the_results_sorted() {
    let project = Project::new(&[
        ("b.py", "assert True\n"),
        ("a/z.py", "assert True\n"),
        ("a/y.py", "y = [not not x,\n  not not z]; assert True\n"),
        ("out/ignored.py", "assert True\n"),
        (".gitignore", "out\n"),
        ("notes.txt", "assert True\n"),
    ]);
    let expected = [
        at("a/y.py", 1, 6, "double-not"),
        at("a/y.py", 2, 3, "double-not"),
        at("a/y.py", 2, 15, "assert-true"),
        at("a/z.py", 1, 1, "assert-true"),
        at("b.py", 1, 1, "assert-true"),
    ];
    assert_eq!(project.found(&["b.py", "a", "a/z.py"]), expected);
    assert_eq!(project.found(&["."]).len(), 5);
    assert_eq!(
        project.found(&["out/ignored.py", "notes.txt"]).len(),
        2,
        "named files count"
    );
}

#[test]
fn select_enables_only_the_named_patterns() {
    let project = Project::new(&[("a.py", FOUND)]);
    assert_eq!(
        project.found(&["--select", "double-not", "a.py"]),
        [at("a.py", 3, 15, "double-not")]
    );
    assert_eq!(
        project
            .found(&["--select", "double-not,assert-true", "a.py"])
            .len(),
        2
    );
    assert_eq!(
        project.found(&["--select", "not-operator", "a.py"]).len(),
        1,
        "a question"
    );
}

#[test]
fn unknown_ids_are_bad_usage() {
    let project = Project::new(&[("a.py", FOUND)]);
    for (arguments, message) in [
        (
            ["--select", "double-knot", "a.py"],
            "error: there is no pattern `double-knot`, did you mean `double-not`?\n",
        ),
        (
            ["--select", "zzzzzzzz", "a.py"],
            "error: there is no pattern `zzzzzzzz`\n",
        ),
        (
            ["--fix-only", "use-bol", "a.py"],
            "error: there is no fix `use-bol`, did you mean `use-bool`?\n",
        ),
    ] {
        let ran = project.check(&arguments);
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (Some(2), "", message)
        );
    }
    assert_eq!(project.read("a.py"), FOUND);
    assert_eq!(project.check(&[]).code, Some(2));
    assert_eq!(
        project.check(&["--target-version", "three", "a.py"]).code,
        Some(2)
    );
    assert_eq!(
        project.check(&["--content", "nowhere", "a.py"]).code,
        Some(2)
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_checked() {
    let project = Project::new(&[("good.py", "assert True\n")]);
    project.write("latin.py", b"x = '\xe9'\n");
    let ran = project.check(&["--format", "json", ".", "missing.py"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.out.contains("good.py"), "{}", ran.out);
    assert!(
        ran.err.contains("latin.py: not UTF-8 (byte 5)"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("missing.py: "), "{}", ran.err);
    assert_eq!(project.check(&["--exit-zero", "."]).code, Some(2));
}

#[test]
fn exit_zero_is_for_findings_only() {
    let project = Project::new(&[("a.py", FOUND)]);
    assert_eq!(project.check(&["a.py"]).code, Some(1));
    assert_eq!(project.check(&["--exit-zero", "a.py"]).code, Some(0));
}

#[test]
fn standard_input_is_a_file_of_the_given_name() {
    let project = Project::new(&[]);
    let arguments = ["--format", "json", "--stdin-filename", "src/b.py", "-"];
    let ran = project.check_with_input(&arguments, "assert True\n");
    assert_eq!(ran.code, Some(1));
    let items: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(items[0]["path"], "src/b.py");
}

#[test]
fn text_shows_the_source_the_question_and_the_fixes() {
    let project = Project::new(&[("a.py", FOUND)]);
    let ran = project.check(&["--select", "double-not", "a.py"]);
    assert_eq!(
        ran.out,
        "\
hint[double-not]: `bool(x)` says it in one word.
 --> a.py:3:11
  |
3 | y = \"é😀\", not not x
  |            ^^^^^^^^^
  |
  = question: What does not not x give? (hotseat explain not-operator)
  = fix: Use bool() (review) [use-bool]

"
    );
    assert_eq!(ran.err, "1 finding in 1 file\n");
}

#[test]
fn github_annotations_escape_what_would_end_them() {
    let project = Project::new(&[("a,b.py", FOUND), ("c.py", "y = (not\n not x)\n")]);
    let ran = project.check(&["--format", "github", "."]);
    assert_eq!(
        ran.out,
        "\
::warning file=./a%2Cb.py,line=2,endLine=2,col=1,endColumn=12,title=hotseat (assert-true)::`assert True` never fails: remove it or test something.
::notice file=./a%2Cb.py,line=3,endLine=3,col=11,endColumn=20,title=hotseat (double-not)::`bool(x)` says it in one word.
::notice file=./c.py,line=1,endLine=2,title=hotseat (double-not)::`bool(x)` says it in one word.
"
    );
}

#[test]
fn sarif_describes_rules_results_fixes_and_unreadable_files() {
    let project = Project::new(&[("a b.py", FOUND)]);
    let ran = project.check(&["--format", "sarif", "a b.py", "missing.py"]);
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["tool"]["driver"]["rules"][1]["id"], "double-not");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let result = &run["results"][1];
    assert_eq!(
        (&result["ruleId"], &result["ruleIndex"]),
        (&json!("double-not"), &json!(1))
    );
    assert_eq!(
        (&result["level"], &result["kind"]),
        (&json!("note"), &json!("fail"))
    );
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "a%20b.py");
    let region = json!({
        "startLine": 3, "startColumn": 11, "endLine": 3, "endColumn": 20, "byteOffset": 32, "byteLength": 9,
    });
    assert_eq!(location["region"], region);
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["deletedRegion"], region);
    assert_eq!(replacement["insertedContent"]["text"], "bool(x)");
}

#[test]
fn fix_applies_safe_fixes_and_review_the_others() {
    let project = Project::new(&[("a.py", FOUND)]);
    let ran = project.check(&["--fix", "--format", "json", "a.py"]);
    assert_eq!(ran.err, "1 fix in 1 file made\n  1 drop-assert\n");
    assert_eq!(
        project.read("a.py"),
        "x = 1\npass\ny = \"é😀\", not not x\n"
    );
    assert_eq!(ran.code, Some(1), "what is left is reported");
    assert!(ran.out.contains("double-not") && !ran.out.contains("assert-true"));
    let ran = project.check(&["--fix", "--review", "--format", "json", "a.py"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "[]\n"));
    assert_eq!(project.read("a.py"), "x = 1\npass\ny = \"é😀\", bool(x)\n");
}

#[test]
fn fix_only_applies_one_fix_whatever_its_kind_and_safety() {
    for also in [&["--fix", "--review"][..], &["--fix"], &[]] {
        let project = Project::new(&[("a.py", FOUND)]);
        project.check(&[also, &["--fix-only", "raise-instead", "a.py"]].concat());
        assert_eq!(
            project.read("a.py"),
            FOUND.replace("assert True", "raise AssertionError")
        );
    }
}

#[test]
fn fixing_goes_on_until_nothing_is_left() {
    let project = Project::new(&[("a.py", "y = not not not not x\n")]);
    let ran = project.check(&["--fix", "--review", "a.py"]);
    assert_eq!(project.read("a.py"), "y = bool(bool(x))\n");
    assert_eq!(ran.code, Some(0));
}

#[test]
fn a_name_that_another_file_imports_stays() {
    let declared = "from typing import TypeVar\n\nT = TypeVar(\"T\")\n\n\ndef first(xs: list[T]) -> T:\n    return xs[0]\n";
    let inlined = "def first[T](xs: list[T]) -> T:\n    return xs[0]\n";
    let kept = declared.replace("def first(", "def first[T](");
    let importing = "from .a import (\n    T,  # the type\n    first,\n)\n";
    for (other, expected) in [("x = 1\n", inlined), (importing, kept.as_str())] {
        let project = Project::new(&[("p/a.py", declared), ("p/b.py", other)]);
        let fix = ["check", "--fix-only", "inline-type-parameters"];
        project.run(&[&fix[..], &["--target-version", "3.12", "p"]].concat());
        assert_eq!(project.read("p/a.py"), expected);
    }
}

#[test]
fn diff_shows_and_writes_nothing() {
    let project = Project::new(&[("a.py", FOUND), ("b.py", "x = 1\n")]);
    let ran = project.check(&["--diff", "."]);
    assert_eq!(
        ran.out,
        "--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n x = 1\n-assert True\n+pass\n y = \"é😀\", not not x\n"
    );
    assert_eq!(ran.err, "1 fix in 1 file would be made\n  1 drop-assert\n");
    assert_eq!(ran.code, Some(1));
    assert_eq!(project.read("a.py"), FOUND);
}

#[test]
fn the_summary_counts_each_fix_the_most_frequent_first() {
    let text = "assert True\n".repeat(11) + "y = not not x\n";
    let project = Project::new(&[("a.py", &text), ("b.py", "assert True\n")]);
    let ran = project.check(&["--fix", "--review", "."]);
    let expected =
        "13 fixes in 2 files made\n  12 drop-assert\n   1 use-bool\n0 findings in 2 files\n";
    assert_eq!(ran.err, expected);
}

#[test]
fn a_diff_can_be_applied_by_others() {
    // Line endings, a missing last one, tabs and a byte order mark.
    let texts = [
        "x = 1\r\nassert True\r\n",
        "x = 1\nassert True",
        "if x:\n\tassert True\n",
        "\u{feff}assert True\n",
    ];
    for text in texts {
        let project = Project::new(&[("a.py", text)]);
        let diff = project.check(&["--diff", "a.py"]).out;
        let mut patch = Command::new("git");
        let mut child = patch
            .args(["apply", "--unsafe-paths", "-p0", "-"])
            .current_dir(project.folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(diff.as_bytes()).unwrap();
        drop(input);
        assert!(child.wait().unwrap().success(), "{diff}");
        assert_eq!(project.read("a.py"), text.replace("assert True", "pass"));
    }
}

#[test]
fn line_endings_indentation_and_the_missing_last_one_stay() {
    for text in [
        "if x:\r\n\tassert True\r\nx = 1\r\n",
        "x = 1\nassert True",
        "x = 1\rassert True\r",
        "if x:\n \t assert True  # why\n\x0c\n",
        "x = 1\r\nassert True\n",
    ] {
        let project = Project::new(&[("a.py", text)]);
        project.check(&["--fix", "a.py"]);
        assert_eq!(project.read("a.py"), text.replace("assert True", "pass"));
    }
}

#[test]
fn fixed_standard_input_goes_to_standard_output() {
    let project = Project::new(&[]);
    let fix = |input: &str| {
        project
            .check_with_input(&["--fix", "--stdin-filename", "a.py", "-"], input)
            .out
    };
    assert_eq!(fix("assert True\r\n"), "pass\r\n");
    assert_eq!(fix("x = 1"), "x = 1", "unchanged text comes out as well");
    assert_eq!(fix("\u{feff}assert True\n"), "\u{feff}pass\n");
}

#[test]
fn a_byte_order_mark_stays_and_counts_as_bytes_of_line_one() {
    let project = Project::new(&[("a.py", "\u{feff}assert True\nassert True\n")]);
    let expected = [
        at("a.py", 1, 4, "assert-true"),
        at("a.py", 2, 1, "assert-true"),
    ];
    assert_eq!(project.found(&["a.py"]), expected);
    project.check(&["--fix", "a.py"]);
    assert_eq!(project.read("a.py"), "\u{feff}pass\npass\n");
}

#[test]
fn stubs_and_generated_files_are_reported_and_left_alone() {
    let project = Project::new(&[
        ("a.pyi", "assert True\n"),
        ("b.py", "# @generated\nassert True\n"),
    ]);
    let ran = project.check(&["--fix", "--review", "--format", "json", "a.pyi", "b.py"]);
    let items: Value = serde_json::from_str(&ran.out).unwrap();
    for item in items.as_array().unwrap() {
        assert_eq!(item["fixes"], json!([]));
    }
    assert_eq!(items.as_array().unwrap().len(), 2);
    assert_eq!(project.read("b.py"), "# @generated\nassert True\n");
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(project: &Project, name: &str) -> u32 {
        fs::metadata(project.path(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    }

    fn set_mode(project: &Project, name: &str, mode: u32) {
        fs::set_permissions(project.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn fixing_keeps_the_mode_and_leaves_no_other_file() {
        let project = Project::new(&[("a.py", "assert True\n")]);
        set_mode(&project, "a.py", 0o750);
        project.check(&["--fix", "a.py"]);
        assert_eq!(project.read("a.py"), "pass\n");
        assert_eq!(mode(&project, "a.py"), 0o750);
        assert_eq!(fs::read_dir(project.folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn fixing_follows_a_symbolic_link() {
        let project = Project::new(&[("real/a.py", "assert True\n")]);
        symlink("real/a.py", project.path("link.py")).unwrap();
        project.check(&["--fix", "link.py"]);
        assert_eq!(project.read("real/a.py"), "pass\n");
        assert!(project.path("link.py").is_symlink());
    }

    #[test]
    fn a_diff_is_in_colour_where_that_is_wanted() {
        let project = Project::new(&[("a.py", "assert True\n")]);
        let questions = questions();
        let diff = |wish: &str| {
            let output = Command::new(env!("CARGO_BIN_EXE_hotseat"))
                .args(["check", "--diff", "a.py", "--content"])
                .arg(&questions)
                .env_remove("NO_COLOR")
                .env_remove("CLICOLOR_FORCE")
                .env(wish, "1")
                .current_dir(project.folder.path())
                .output()
                .unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        assert!(
            diff("CLICOLOR_FORCE")
                .contains("\u{1b}[31m-assert True\u{1b}[0m\n\u{1b}[32m+pass\u{1b}[0m\n"),
            "{:?}",
            diff("CLICOLOR_FORCE")
        );
        assert!(!diff("NO_COLOR").contains('\u{1b}'));
    }

    #[test]
    fn a_link_to_a_read_only_file_is_refused_and_a_diff_of_it_is_not() {
        let project = Project::new(&[("real/a.py", "assert True\n")]);
        symlink("real/a.py", project.path("link.py")).unwrap();
        set_mode(&project, "real/a.py", 0o444);
        let ran = project.check(&["--fix", "link.py"]);
        assert_eq!(ran.code, Some(2));
        assert!(
            ran.err.contains("link.py: read-only, not written"),
            "{}",
            ran.err
        );
        assert!(project.path("link.py").is_symlink());
        assert!(project.check(&["--diff", "link.py"]).out.contains("+pass"));
        assert_eq!(project.read("real/a.py"), "assert True\n");
    }

    #[test]
    fn a_read_only_file_is_refused_and_the_others_are_fixed() {
        let project = Project::new(&[("a.py", "assert True\n"), ("b.py", "assert True\n")]);
        set_mode(&project, "a.py", 0o444);
        let ran = project.check(&["--fix", "."]);
        assert_eq!(ran.code, Some(2));
        assert!(
            ran.err.contains("./a.py: read-only, not written"),
            "{}",
            ran.err
        );
        assert_eq!(project.read("a.py"), "assert True\n");
        assert_eq!(project.read("b.py"), "pass\n");
    }
}

#[test]
fn explain_prints_a_question_a_pattern_or_the_list() {
    let project = Project::new(&[]);
    let content = questions();
    let explain = |id: &[&str]| {
        let mut arguments = vec!["explain", "--content", content.to_str().unwrap()];
        arguments.extend(id);
        project.run(&arguments)
    };
    let first_line = |ran: &Ran| ran.out.lines().next().unwrap_or_default().to_owned();
    let list = explain(&[]);
    assert_eq!(first_line(&list), "# Interview questions");
    assert!(list.out.contains("## Basics\n\n- `assert-or-raise`: "));
    assert_eq!(
        first_line(&explain(&["not-operator"])),
        "# What does `not not x` give?"
    );
    assert_eq!(first_line(&explain(&["double-not"])), "# `double-not`");
    let unknown = explain(&["not-operater"]);
    assert_eq!(unknown.code, Some(2));
    assert_eq!(
        unknown.err,
        "error: there is no question or pattern `not-operater`, did you mean `not-operator`?\n"
    );
    let json: Value = serde_json::from_str(&explain(&["--format", "json"]).out).unwrap();
    assert_eq!(json[1]["id"], "not-operator");
    assert_eq!(json[1]["patterns"][0]["fixes"][0]["safety"], "review");
}

#[test]
fn try_prints_lenses_findings_and_hovers_without_a_terminal() {
    let project = Project::new(&[("a.py", "def f(x):\n\tassert True\n\treturn not not x\n")]);
    let content = questions();
    let ran = project.run(&["try", "--content", content.to_str().unwrap(), "a.py"]);
    assert_eq!(ran.code, Some(0));
    for part in [
        "     │ Related interview question: What does not not x give?\n   1 │ def f(x):\n",
        "   2 │ \tassert True\n     │ \t^^^^^^^^^^^ warning: `assert True` never fails: remove it or test something. [assert-true]\n     │ \tfix: Replace by pass\n",
        "\nHover on line 3: not not x\n\n  **What does `not not x` give?**\n",
    ] {
        assert!(ran.out.contains(part), "{part}\n---\n{}", ran.out);
    }
}

#[test]
fn a_new_question_asks_to_be_filled_in_and_never_replaces_one() {
    let project = Project::new(&[]);
    let new = || project.run(&["new", "retry-or-fail", "--folder", "pack/errors"]);
    assert_eq!(new().out, "pack/errors/retry-or-fail.md\n");
    assert!(
        project
            .read("pack/errors/retry-or-fail.md")
            .contains("m-retry-or-fail")
    );
    assert_eq!(new().code, Some(2));
    assert_eq!(project.run(&["new", "Not An Id"]).code, Some(2));
    let ran = project.run(&["pack", "check", "pack"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out
            .contains("pack/errors/retry-or-fail.md:2: still to be filled in"),
        "{}",
        ran.out
    );
}

#[test]
fn a_pack_is_held_to_its_own_cases() {
    let project = Project::new(&[]);
    let good = fs::read_to_string(questions().join("basics/not-operator.md")).unwrap();
    project.write("pack/basics/not-operator.md", &good);
    let check = || project.run(&["pack", "check", "pack"]);
    assert_eq!(check().code, Some(0));
    project.write(
        "pack/basics/not-operator.md",
        good.replace("y = not x\n", "y = not not x\n"),
    );
    let ran = check();
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out.contains("pattern `double-not`: case ``"),
        "{}",
        ran.out
    );
    assert_eq!(project.run(&["pack", "check", "nowhere"]).code, Some(2));
}

/// A folder of questions of one's own: a single Markdown file.
fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs/zip-strict")
}

#[test]
fn a_pack_is_one_file_and_its_pattern_and_fix_work() {
    let pack = pack();
    let files = walk(&pack);
    assert_eq!(files.len(), 1, "{files:?}");
    let code = "rows = zip(names, ages)\nlist(zip(names, ages, strict=True))\n";
    let project = Project::new(&[("a.py", code)]);
    let ran = project.run(&["pack".as_ref(), "check".as_ref(), pack.as_os_str()]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    assert!(ran.err.contains("1 question, nothing to complain about"));
    let run = |arguments: &[&str]| {
        let content = ["--content".as_ref(), pack.as_os_str()];
        let arguments = arguments.iter().map(AsRef::as_ref).chain(content);
        project.run(&arguments.collect::<Vec<&OsStr>>())
    };
    let found = run(&["check", "--mentions", "--format", "json", "a.py"]);
    let found: Value = serde_json::from_str(&found.out).unwrap();
    let found = found.as_array().unwrap().iter();
    let found: Vec<_> = found
        .map(|f| (&f["pattern"], &f["start"]["line"]))
        .collect();
    assert_eq!(
        found,
        [
            (&json!("zip-without-strict"), &json!(1)),
            (&json!("m-zip"), &json!(2))
        ]
    );
    let explained = run(&["explain", "zip-strict"]);
    assert!(explained.out.contains("strict"), "{}", explained.out);
    run(&["check", "--fix", "--review", "a.py"]);
    let fixed = code.replacen("ages)", "ages, strict=True)", 1);
    assert_eq!(project.read("a.py"), fixed);
}

/// All files below a folder.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| {
        if path.is_dir() {
            walk(&path)
        } else {
            vec![path]
        }
    });
    below.collect()
}

#[test]
fn a_project_chooses_its_checks_and_the_command_line_wins() {
    const CHECK: &str = "ws-stdlib-shadow";
    let found = |settings: &str, arguments: &[&str]| {
        let settings = format!("[tool.hotseat]\n{settings}\n");
        let project = Project::new(&[("pyproject.toml", &settings), ("email.py", "")]);
        let arguments = [&["check", "--format", "json"], arguments, &["."]].concat();
        let found: Value = serde_json::from_str(&project.run(&arguments).out).unwrap();
        let found = found.as_array().unwrap().iter();
        let ids = found.map(|f| f["pattern"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(found("", &[]), [CHECK]);
    assert_eq!(found(&format!("ignore = ['{CHECK}']"), &[]), [""; 0]);
    assert_eq!(
        found(&format!("ignore = ['{CHECK}']"), &["--select", CHECK]),
        [CHECK]
    );
    assert_eq!(found("select = ['gather-vs-wait']", &[]), [""; 0]);
    let per_file = format!("per-file-ignores = {{ '/email.py' = ['{CHECK}'] }}");
    assert_eq!(found(&per_file, &["--select", CHECK]), [""; 0]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let project = Project::new(&[("a.py", &"assert True\n".repeat(20_000))]);
    let content = questions();
    let mut child = Command::new(env!("CARGO_BIN_EXE_hotseat"))
        .args(["check", "--format", "json", "--content"])
        .arg(content)
        .arg("a.py")
        .current_dir(project.folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn comments_silence_findings_and_keep_them_from_being_fixed() {
    let text = "assert True  # hotseat: ignore[assert-true] on purpose\nassert True  # noqa\nassert True\n";
    let project = Project::new(&[
        ("a.py", text),
        ("b.py", "# hotseat: ignore-file\nassert True\n"),
        ("c.py", "assert x  # hotseat: ignore\n"),
    ]);
    // No other linter has a rule for it, so `noqa` does not speak about it.
    let expected = [
        at("a.py", 2, 1, "assert-true"),
        at("a.py", 3, 1, "assert-true"),
    ];
    assert_eq!(project.found(&["a.py", "b.py"]), expected);
    assert_eq!(
        project.found(&["--mentions", "c.py"]),
        [at("c.py", 1, 1, "m-assert")]
    );
    project.check(&["--fix", "."]);
    let fixed = "assert True  # hotseat: ignore[assert-true] on purpose\npass  # noqa\npass\n";
    assert_eq!(project.read("a.py"), fixed);
    assert_eq!(
        project.read("b.py"),
        "# hotseat: ignore-file\nassert True\n"
    );
}

#[test]
fn a_project_chooses_its_patterns_and_the_command_line_wins() {
    let settings = "[tool.hotseat]\nignore = ['not-operator']\nper-file-ignores = { 'tests/' = ['assert-true'] }\n";
    let project = Project::new(&[
        ("pyproject.toml", settings),
        ("a.py", FOUND),
        ("tests/b.py", FOUND),
    ]);
    assert_eq!(
        project.found(&["a.py", "tests"]),
        [at("a.py", 2, 1, "assert-true")]
    );
    assert_eq!(
        project.found(&["--select", "double-not,assert-true", "tests"]),
        [at("tests/b.py", 3, 15, "double-not")]
    );
    let ran = project.check(&["--fix-only", "use-bool", "a.py"]);
    assert!(ran.err.contains("1 fix in 1 file made"), "{}", ran.err);
}

#[test]
fn wrong_settings_of_a_project_are_told_and_the_rest_counts() {
    let settings = "[tool.hotseat]\nignore = ['double-not', 'asert-true']\nloud = true\n";
    let project = Project::new(&[("pyproject.toml", settings), ("a.py", FOUND)]);
    let ran = project.check(&["--format", "json", "a.py"]);
    assert_eq!(ran.code, Some(1));
    let warnings: Vec<&str> = ran.err.lines().collect();
    assert_eq!(warnings.len(), 2, "{}", ran.err);
    let id = "pyproject.toml:2: `tool.hotseat.ignore`: there is no pattern or question `asert-true`, did you mean `assert-true`?";
    assert!(warnings[0].ends_with(id), "{}", ran.err);
    let key = "pyproject.toml:3: there is no setting `tool.hotseat.loud`";
    assert!(warnings[1].contains(key), "{}", ran.err);
    assert_eq!(project.found(&["a.py"]), [at("a.py", 2, 1, "assert-true")]);
}

/// A person's folders, in which `hotseat setup` runs without any editor on the path, or with one that says its version.
struct Home {
    project: Project,
}

impl Home {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Project::new(files);
        fs::create_dir_all(project.path("bin")).unwrap();
        Self { project }
    }

    fn setup(&self, arguments: &[&str]) -> Ran {
        let home = self.project.folder.path();
        let output = Command::new(env!("CARGO_BIN_EXE_hotseat"))
            .arg("setup")
            .args(arguments)
            .env("HOME", home)
            .env("PATH", home.join("bin"))
            .env_remove("NVIM_APPNAME")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .output()
            .unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// All files with their texts.
    fn files(&self) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        let mut folders = vec![self.project.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = fs::read_to_string(&path).unwrap();
                    files.push((path, text));
                }
            }
        }
        files.sort();
        files
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_editor_is_set_up_once_and_the_set_up_is_undone() {
    const FILES: [(&str, &str); 3] = [
        (".emacs.d/init.el", "(setq mine t)\n"),
        (
            ".config/helix/languages.toml",
            "# mine\n[[language]]\nname = \"python\"\nauto-format = true\n",
        ),
        (
            ".config/kate/lspclient/settings.json",
            "{\n  \"servers\": {\n    \"c\": {}\n  }\n}\n",
        ),
    ];
    for (editor, shown) in [
        ("neovim", "hotseat/plugin/hotseat_enable.lua (1 line)"),
        (
            "vim",
            ".vim/pack/hotseat/start/hotseat/ale_linters/python/hotseat.vim (12 lines)",
        ),
        ("emacs", "+(load (locate-user-emacs-file \"hotseat\") t)"),
        (
            "helix",
            "+language-servers = [\"ty\", \"ruff\", \"jedi\", \"pylsp\", \"hotseat\"]",
        ),
        ("kate", "+      \"command\": ["),
        ("sublime", "+    \"hotseat\": {"),
    ] {
        let home = Home::new(&FILES);
        let before = home.files();
        let said = home.setup(&[editor]);
        assert_eq!(
            (said.code, home.files() == before),
            (Some(0), true),
            "{said:?}"
        );
        assert!(
            said.out.lines().any(|line| line.ends_with(shown)),
            "{said:?}"
        );
        assert!(
            said.err.contains("is not on the PATH") && said.err.contains("--write"),
            "{said:?}"
        );

        let done = home.setup(&[editor, "--write"]);
        assert_eq!((done.code, &done.out), (Some(0), &said.out), "{done:?}");
        let after = home.files();
        assert_ne!(after, before);
        let again = home.setup(&[editor, "--write"]);
        assert_eq!(
            (again.code, again.out.as_str()),
            (Some(0), "Everything is in place.\n")
        );
        assert_eq!(home.files(), after);

        let undone = home.setup(&[editor, "--undo"]);
        assert_eq!(undone.code, Some(0), "{undone:?}");
        let is_copy = |path: &Path| path.to_string_lossy().contains(".before-hotseat-");
        let left: Vec<_> = home
            .files()
            .into_iter()
            .filter(|(path, _)| !is_copy(path))
            .collect();
        assert_eq!(left, before, "{editor}");
        for (path, text) in home
            .files()
            .iter()
            .filter(|(path, _)| path.ends_with("before-hotseat-1"))
        {
            let original = path.to_string_lossy().replace(".before-hotseat-1", "");
            assert!(before.contains(&(PathBuf::from(original), text.clone())));
        }
        let nothing = home.setup(&[editor, "--undo"]);
        assert_eq!(nothing.out, "There is nothing of hotseat to take out.\n");
    }
}

#[cfg(unix)]
#[test]
fn setting_up_looks_at_the_editors_version_first() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new(&[("bin/nvim", "#!/bin/sh\necho NVIM v0.9.5\n")]);
    let nvim = home.project.path("bin/nvim");
    fs::set_permissions(&nvim, fs::Permissions::from_mode(0o755)).unwrap();
    let old = home.setup(&["neovim"]);
    assert_eq!(old.code, Some(0));
    assert!(
        old.err
            .contains("`nvim` is 0.9; hotseat needs 0.11 or newer"),
        "{}",
        old.err
    );
    assert_eq!(home.setup(&["neovim", "--write"]).code, Some(2));
    assert_eq!(home.files().len(), 1);
    fs::write(&nvim, "#!/bin/sh\necho NVIM v0.11.4\n").unwrap();
    let new = home.setup(&["neovim", "--write"]);
    assert!(
        new.code == Some(0) && new.err.contains("`nvim` is 0.11."),
        "{new:?}"
    );
}

#[test]
fn editors_that_are_set_up_by_hand_say_how_and_nothing_is_overwritten() {
    let home = Home::new(&[(
        ".config/kate/lspclient/settings.json",
        r#"{"servers": {"python": {"command": ["pylsp"]}}}"#,
    )]);
    let before = home.files();
    for (editor, says) in [
        ("vscode", "npm run package"),
        ("zed", "install dev extension"),
    ] {
        let said = home.setup(&[editor]);
        assert!(said.code == Some(0) && said.out.contains(says), "{said:?}");
        assert_eq!(home.setup(&[editor, "--write"]).code, Some(2));
    }
    if cfg!(target_os = "linux") {
        let kate = home.setup(&["kate", "--write"]);
        assert_eq!(kate.code, Some(2));
        assert!(
            kate.err
                .contains("`servers.python` is there already and starts another server"),
            "{kate:?}"
        );
    }
    assert_eq!(home.files(), before);
}
