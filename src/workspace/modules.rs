//! The project's Python files, parsed.

use std::path::Path;
use std::sync::Arc;

use super::files::{ProjectFiles, file_name, folder, is_python};
use super::pytest::PytestConfig;
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
                file: SourceFile::parse(Path::new(path), Arc::from(text)),
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

    /// The provider package that it imports.
    pub fn provider(&self) -> Option<&'static str> {
        self.file
            .names()
            .imports()
            .find_map(|(_, target)| provider_of(target))
    }
}

/// The provider package that a qualified name belongs to.
pub fn provider_of(name: &str) -> Option<&'static str> {
    PROVIDERS.into_iter().find(|provider| {
        name.strip_prefix(provider)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
