//! The project's Python files. Each is parsed by whoever looks into it, and only if it may hold what is looked for: an
//! editor that opens a folder must not pay for all of it.

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
pub struct Module<'p> {
    /// Its path below the project's folder.
    pub path: &'p str,
    /// Its text.
    pub text: &'p str,
    /// What pytest says about it.
    pub settings: FileSettings,
    /// pytest looks for tests in it.
    pub is_test: bool,
}

/// The Python files that were read.
pub fn read<'p>(files: &'p ProjectFiles, pytest: &PytestConfig) -> Vec<Module<'p>> {
    let sources = files.texts().filter(|(path, _)| is_python(path));
    sources
        .map(|(path, text)| {
            let is_test = pytest.collects(path);
            Module {
                path,
                text,
                settings: FileSettings {
                    test_file: is_test,
                    ..FileSettings::default()
                },
                is_test,
            }
        })
        .collect()
}

impl Module<'_> {
    /// Its syntax and names. Parses it.
    pub fn parse(&self) -> SourceFile {
        SourceFile::parse(Path::new(self.path), self.text)
    }

    /// Whether one of these words stands anywhere in its text.
    pub fn mentions(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }

    /// Whether it belongs to the tests: a test file, a `conftest.py`, or a helper beside them.
    pub fn is_for_tests(&self) -> bool {
        let below = folder(self.path)
            .split('/')
            .any(|f| ["test", "tests"].contains(&f));
        self.is_test || below || file_name(self.path) == "conftest.py"
    }

    /// Whether the last name of a provider package stands anywhere in its text.
    pub fn may_use_provider(&self) -> bool {
        let last = |provider: &str| provider.rsplit('.').next().map(str::to_owned);
        let names: Vec<String> = PROVIDERS.into_iter().filter_map(last).collect();
        names.iter().any(|name| self.text.contains(name.as_str()))
    }
}

/// The modules that a file imports, or imports something from: `google.genai` of `from google import genai`, too.
pub fn imported_modules(file: &SourceFile) -> Vec<String> {
    let is_import = |n: &Node<'_>| n.is_any(&["import_statement", "import_from_statement"]);
    let imports = file.nodes().filter(is_import);
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

/// The provider package that a file imports.
pub fn imported_provider(file: &SourceFile) -> Option<&'static str> {
    let imported = imported_modules(file);
    imported.iter().find_map(|module| provider_of(module))
}

/// The provider package that a qualified name belongs to.
pub fn provider_of(name: &str) -> Option<&'static str> {
    PROVIDERS.into_iter().find(|provider| {
        name.strip_prefix(provider)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
