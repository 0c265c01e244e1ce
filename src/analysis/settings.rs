//! What a project says about one file.

use crate::catalog::PythonVersion;

/// What the patterns need to know about a file beyond its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSettings {
    /// The oldest Python the code must run on.
    pub target: PythonVersion,
    /// pytest collects this file (or it is a `conftest.py`).
    pub test_file: bool,
    /// No fix may touch the file: a stub.
    pub read_only: bool,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self {
            target: PythonVersion::DEFAULT,
            test_file: false,
            read_only: false,
        }
    }
}
