//! The project's Python files, parsed.

use std::path::Path;

use super::files::{ProjectFiles, file_name, folder, is_python};
use super::pytest::PytestConfig;
use crate::analysis::syntax::Node;
use crate::analysis::{FileSettings, SourceFile};

/// Packages through which code talks to a model.
const PROVIDERS: [&str; 14] = [
    "anthropic",
    "cohere",
    "fireworks",
    "google.genai",
    "google.generativeai",
    "groq",
    "huggingface_hub",
    "litellm",
    "mistralai",
    "ollama",
    "openai",
    "replicate",
    "together",
    "vertexai",
];

/// A Python file of the project.
pub struct Module {
    /// Its path below the project's folder.
    pub path: String,
    /// Its syntax and names.
    pub file: SourceFile,
    /// What pytest says about it.
    pub settings: FileSettings,
    /// pytest looks for tests in it.
    pub is_test: bool,
}

/// Parses the Python files that were read.
pub fn read(files: &ProjectFiles, pytest: &PytestConfig) -> Vec<Module> {
    let sources = files.texts().filter(|(path, _)| is_python(path));
    sources
        .map(|(path, text)| {
            let is_test = pytest.collects(path);
            Module {
                path: path.to_owned(),
                file: SourceFile::parse(Path::new(path), text),
                settings: FileSettings {
                    test_file: is_test,
                    ..FileSettings::default()
                },
                is_test,
            }
        })
        .collect()
}

impl Module {
    /// Whether it belongs to the tests: a test file, a `conftest.py`, or a helper beside them.
    pub fn is_for_tests(&self) -> bool {
        let below = folder(&self.path)
            .split('/')
            .any(|f| ["test", "tests"].contains(&f));
        self.is_test || below || file_name(&self.path) == "conftest.py"
    }

    /// The modules that it imports, or imports something from: `google.genai` of `from google import genai`, too.
    pub fn imported_modules(&self) -> Vec<String> {
        let is_import = |n: &Node<'_>| n.is_any(&["import_statement", "import_from_statement"]);
        let imports = self.file.nodes().into_iter().filter(is_import);
        imports
            .flat_map(|import| {
                let module = import.field("module_name").map(Node::text);
                let named = |part: Node<'_>| {
                    let name = part.field("name").unwrap_or(part).text();
                    module.map_or_else(|| name.to_owned(), |module| format!("{module}.{name}"))
                };
                let names = import.fields("name").into_iter().map(named);
                names.chain(module.map(str::to_owned)).collect::<Vec<_>>()
            })
            .collect()
    }

    /// The provider package that it imports.
    pub fn provider(&self) -> Option<&'static str> {
        let imported = self.imported_modules();
        imported.iter().find_map(|module| provider_of(module))
    }
}

/// The provider package that a qualified name belongs to.
pub fn provider_of(name: &str) -> Option<&'static str> {
    PROVIDERS.into_iter().find(|provider| {
        name.strip_prefix(provider)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
