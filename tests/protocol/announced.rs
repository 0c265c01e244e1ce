//! What a server may send to a client, by what the client has announced.
//!
//! Knows the protocol, and of this server only the message that goes beyond it: a kind of message or form that is not listed here is a violation as well.

use serde_json::Value;

/// The capabilities of a client.
pub struct Announced<'c> {
    capabilities: &'c Value,
}

impl<'c> Announced<'c> {
    pub fn new(capabilities: &'c Value) -> Self {
        Self { capabilities }
    }

    /// What is announced at a path such as `/textDocument/hover`.
    pub fn at(&self, path: &str) -> &'c Value {
        self.capabilities.pointer(path).unwrap_or(&Value::Null)
    }

    /// Whether the client says yes at a path.
    pub fn says(&self, path: &str) -> bool {
        self.at(path) == true
    }

    /// Whether the client asks for diagnostics itself.
    pub fn pulls(&self) -> bool {
        self.at("/textDocument/diagnostic").is_object()
    }

    fn lists(&self, path: &str, value: &Value) -> bool {
        let list = self.at(path).as_array();
        list.is_some_and(|list| list.contains(value))
    }

    /// What is wrong with the parameters of a request or notification of the server.
    pub fn wrong_with_message(&self, method: &str, params: &Value) -> Vec<String> {
        let mut wrong = Wrong(Vec::new());
        let by_capability = |path: &str| self.says(path);
        let allowed = match method {
            "window/showMessage" | "window/logMessage" | "window/showMessageRequest" => true,
            "textDocument/publishDiagnostics" => {
                let support = "/textDocument/publishDiagnostics/versionSupport";
                wrong.unless(
                    params.get("version").is_none() || self.says(support),
                    "a version",
                );
                self.check_diagnostics(&params["diagnostics"], &mut wrong);
                self.at("/textDocument/publishDiagnostics").is_object()
            }
            "client/registerCapability" => {
                for registration in each(&params["registrations"]) {
                    self.check_registration(registration, &mut wrong);
                }
                true
            }
            "workspace/configuration" => by_capability("/workspace/configuration"),
            "workspace/applyEdit" => {
                self.check_edit(&params["edit"], &mut wrong);
                by_capability("/workspace/applyEdit")
            }
            "workspace/codeLens/refresh" => by_capability("/workspace/codeLens/refreshSupport"),
            "workspace/diagnostic/refresh" => {
                by_capability("/workspace/diagnostics/refreshSupport")
            }
            "window/showDocument" => by_capability("/window/showDocument/support"),
            "hotseat/status" => by_capability("/experimental/hotseatStatus"),
            "window/workDoneProgress/create" => by_capability("/window/workDoneProgress"),
            _ => false,
        };
        wrong.unless(allowed, "the message itself");
        wrong.0
    }

    /// What is wrong with the answer to a request of the client.
    pub fn wrong_with_answer(&self, method: &str, result: &Value) -> Vec<String> {
        let mut wrong = Wrong(Vec::new());
        match method {
            "initialize" => self.check_server(&result["capabilities"], &mut wrong),
            "textDocument/hover" => {
                let kind = &result["contents"]["kind"];
                let formats = "/textDocument/hover/contentFormat";
                wrong.unless(
                    result.is_null() || self.lists(formats, kind),
                    "the format of a hover",
                );
            }
            "textDocument/diagnostic" => {
                self.check_diagnostics(&result["items"], &mut wrong);
                let related = result.get("relatedDocuments").is_none();
                let support = "/textDocument/diagnostic/relatedDocumentSupport";
                wrong.unless(related || self.says(support), "related documents");
            }
            "textDocument/codeAction" => {
                each(result).for_each(|action| self.check_action(action, &mut wrong));
            }
            "codeAction/resolve" => self.check_action(result, &mut wrong),
            // A lens has no form that depends on the client, as long as it comes with its command.
            "textDocument/codeLens" => {
                let complete = each(result).all(|lens| lens["command"].is_object());
                wrong.unless(complete, "a lens without a command");
            }
            "workspace/executeCommand" | "shutdown" => {}
            other => wrong.unless(false, &format!("nobody knows the answer to {other}")),
        }
        wrong.0
    }

    fn check_server(&self, offered: &Value, wrong: &mut Wrong) {
        let encoding = &offered["positionEncoding"];
        let encodings = "/general/positionEncodings";
        let is_default = self.at(encodings).is_null() && encoding == "utf-16";
        wrong.unless(
            is_default || self.lists(encodings, encoding),
            "the position encoding",
        );
        let pulls = offered.get("diagnosticProvider").is_some();
        wrong.unless(!pulls || self.pulls(), "pulled diagnostics");
        let notebooks = offered.get("notebookDocumentSync").is_some();
        let support = self.at("/notebookDocument/synchronization").is_object();
        wrong.unless(!notebooks || support, "notebooks");
        let folders = offered["workspace"].get("workspaceFolders").is_some();
        wrong.unless(
            !folders || self.says("/workspace/workspaceFolders"),
            "folders",
        );
        let actions = &offered["codeActionProvider"];
        let literals = self.at("/textDocument/codeAction/codeActionLiteralSupport");
        wrong.unless(
            !actions.is_object() || literals.is_object(),
            "kinds of actions",
        );
        wrong.unless(
            actions["resolveProvider"] != true || self.resolves("edit"),
            "actions to be resolved",
        );
    }

    fn check_registration(&self, registration: &Value, wrong: &mut Wrong) {
        let method = registration["method"].as_str().unwrap_or_default();
        let capability = match method {
            "workspace/didChangeConfiguration" => "/workspace/didChangeConfiguration",
            "workspace/didChangeWatchedFiles" => "/workspace/didChangeWatchedFiles",
            "textDocument/didOpen"
            | "textDocument/didChange"
            | "textDocument/didSave"
            | "textDocument/didClose" => "/textDocument/synchronization",
            "textDocument/completion" => "/textDocument/completion",
            _ => "/nothing",
        };
        wrong.unless(
            self.says(&format!("{capability}/dynamicRegistration")),
            &format!("the registration of {method}"),
        );
        let watchers = &registration["registerOptions"]["watchers"];
        let relative = each(watchers).any(|watcher| watcher["globPattern"].is_object());
        let support = "/workspace/didChangeWatchedFiles/relativePatternSupport";
        wrong.unless(!relative || self.says(support), "relative patterns");
    }

    /// Before version 3.18 of the protocol, what pulled diagnostics may have is announced with the published ones.
    fn of_diagnostics(&self, name: &str) -> [&Value; 2] {
        ["publishDiagnostics", "diagnostic"]
            .map(|kind| self.at(&format!("/textDocument/{kind}/{name}")))
    }

    fn check_diagnostics(&self, diagnostics: &Value, wrong: &mut Wrong) {
        for diagnostic in each(diagnostics) {
            for (field, name) in [
                ("relatedInformation", "relatedInformation"),
                ("codeDescription", "codeDescriptionSupport"),
                ("data", "dataSupport"),
            ] {
                let announced = self.of_diagnostics(name).contains(&&Value::Bool(true));
                wrong.unless(diagnostic.get(field).is_none() || announced, field);
            }
            for tag in each(&diagnostic["tags"]) {
                let mut sets = self.of_diagnostics("tagSupport").into_iter();
                let known = sets.any(|set| each(&set["valueSet"]).any(|known| known == tag));
                wrong.unless(known, "a tag");
            }
        }
    }

    fn resolves(&self, property: &str) -> bool {
        let properties = "/textDocument/codeAction/resolveSupport/properties";
        self.says("/textDocument/codeAction/dataSupport")
            && self.lists(properties, &Value::from(property))
    }

    fn check_action(&self, action: &Value, wrong: &mut Wrong) {
        let says = |name: &str| self.says(&format!("/textDocument/codeAction/{name}"));
        let is_command = action["command"].is_string();
        let literals = self.at("/textDocument/codeAction/codeActionLiteralSupport");
        wrong.unless(is_command || literals.is_object(), "an action");
        for (field, name) in [
            ("isPreferred", "isPreferredSupport"),
            ("disabled", "disabledSupport"),
            ("data", "dataSupport"),
        ] {
            wrong.unless(action.get(field).is_none() || says(name), field);
        }
        let does_something = ["edit", "command", "disabled"]
            .iter()
            .any(|field| action.get(field).is_some());
        wrong.unless(
            does_something || self.resolves("edit"),
            "an action without its edit",
        );
        let edit = &action["edit"];
        let notes = edit.get("changeAnnotations").is_some();
        wrong.unless(!notes || says("honorsChangeAnnotations"), "notes on edits");
        self.check_edit(edit, wrong);
        self.check_diagnostics(&action["diagnostics"], wrong);
    }

    fn check_edit(&self, edit: &Value, wrong: &mut Wrong) {
        let says = |name: &str| self.says(&format!("/workspace/workspaceEdit/{name}"));
        let changes = &edit["documentChanges"];
        wrong.unless(
            changes.is_null() || says("documentChanges"),
            "edits of versions",
        );
        let annotated = edit.to_string().contains("annotationId");
        let notes = annotated || edit.get("changeAnnotations").is_some();
        let support = self.at("/workspace/workspaceEdit/changeAnnotationSupport");
        wrong.unless(!notes || support.is_object(), "notes on edits");
        for operation in each(changes).filter_map(|change| change.get("kind")) {
            let operations = "/workspace/workspaceEdit/resourceOperations";
            wrong.unless(
                self.lists(operations, operation),
                &format!("the operation {operation}"),
            );
        }
    }
}

struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, right: bool, what: &str) {
        if !right {
            self.0.push(what.to_owned());
        }
    }
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

#[test]
fn a_client_that_announces_nothing_may_be_sent_little() {
    let nothing = serde_json::json!({});
    let announced = Announced::new(&nothing);
    let edit = serde_json::json!({"edit": {"documentChanges": [{"kind": "create"}], "changeAnnotations": {}}});
    let registrations = serde_json::json!({"registrations": [{"method": "textDocument/didOpen"}]});
    for (method, params) in [
        ("client/registerCapability", registrations),
        ("workspace/configuration", Value::Null),
        ("workspace/applyEdit", edit.clone()),
        ("workspace/codeLens/refresh", Value::Null),
        ("workspace/diagnostic/refresh", Value::Null),
        ("window/showDocument", Value::Null),
        ("window/workDoneProgress/create", Value::Null),
        ("textDocument/publishDiagnostics", Value::Null),
        ("some/other", Value::Null),
    ] {
        assert_ne!(
            announced.wrong_with_message(method, &params),
            [""; 0],
            "{method}"
        );
    }
    assert_eq!(
        announced.wrong_with_message("window/showMessage", &Value::Null),
        [""; 0]
    );
    let diagnostic = serde_json::json!({"relatedInformation": [], "codeDescription": {}, "data": 1, "tags": [1]});
    for (method, result) in [
        (
            "initialize",
            serde_json::json!({"capabilities": {"positionEncoding": "utf-8"}}),
        ),
        (
            "initialize",
            serde_json::json!({"capabilities": {"positionEncoding": "utf-16", "diagnosticProvider": {}}}),
        ),
        (
            "textDocument/hover",
            serde_json::json!({"contents": {"kind": "markdown"}}),
        ),
        (
            "textDocument/diagnostic",
            serde_json::json!({"items": [diagnostic]}),
        ),
        ("textDocument/codeAction", serde_json::json!([edit])),
        (
            "textDocument/codeAction",
            serde_json::json!([{"title": "later", "data": 1}]),
        ),
        ("textDocument/codeLens", serde_json::json!([{"range": {}}])),
    ] {
        assert_ne!(
            announced.wrong_with_answer(method, &result),
            [""; 0],
            "{method}: {result}"
        );
    }
}
