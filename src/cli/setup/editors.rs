//! What each editor needs.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use serde_json::json;

use super::edits::Edit;
use super::places::Places;

/// An editor that hotseat knows how to set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Editor {
    Neovim,
    Vim,
    Emacs,
    Helix,
    Kate,
    Sublime,
    #[value(alias = "code")]
    Vscode,
    Zed,
}

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    /// What this program can do; nothing if everything is done in the editor.
    pub steps: Vec<Step>,
    /// What else a person should know.
    pub advice: String,
}

#[derive(Debug)]
pub enum Step {
    /// A file that is hotseat's alone.
    Own(PathBuf, &'static str),
    /// A change of a file that is the user's.
    Edit(PathBuf, Edit),
}

impl Step {
    pub fn path(&self) -> &Path {
        match self {
            Self::Own(path, _) | Self::Edit(path, _) => path,
        }
    }
}

/// The files of a package for Neovim, by their places in it.
const NEOVIM: [(&str, &str); 6] = [
    (
        "lsp/hotseat.lua",
        include_str!("../../../editors/neovim/lsp/hotseat.lua"),
    ),
    (
        "plugin/hotseat.lua",
        include_str!("../../../editors/neovim/plugin/hotseat.lua"),
    ),
    (
        "lua/hotseat/init.lua",
        include_str!("../../../editors/neovim/lua/hotseat/init.lua"),
    ),
    (
        "lua/hotseat/health.lua",
        include_str!("../../../editors/neovim/lua/hotseat/health.lua"),
    ),
    (
        "doc/hotseat.txt",
        include_str!("../../../editors/neovim/doc/hotseat.txt"),
    ),
    ("plugin/hotseat_enable.lua", "vim.lsp.enable('hotseat')\n"),
];

/// The files of a package for Vim.
const VIM: [(&str, &str); 2] = [
    (
        "ale_linters/python/hotseat.vim",
        include_str!("../../../editors/vim/ale_linters/python/hotseat.vim"),
    ),
    (
        "plugin/hotseat.vim",
        include_str!("../../../editors/vim/plugin/hotseat.vim"),
    ),
];

const EMACS: &str = include_str!("../../../editors/emacs/hotseat.el");

impl Editor {
    pub fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The names of its program.
    pub fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Neovim => &["nvim"],
            Self::Vim => &["vim"],
            Self::Emacs => &["emacs"],
            Self::Helix => &["hx", "helix"],
            Self::Kate => &["kate"],
            Self::Sublime => &["subl"],
            Self::Vscode => &["code", "codium", "code-server"],
            Self::Zed => &["zed", "zeditor"],
        }
    }

    /// The oldest version that works, as major and minor number.
    pub fn needed(self) -> (u32, u32) {
        match self {
            Self::Neovim => (0, 11),
            Self::Vim => (8, 0),
            Self::Emacs => (27, 1),
            Self::Helix => (23, 10),
            Self::Kate => (21, 12),
            Self::Sublime => (4000, 0),
            Self::Vscode => (1, 91),
            Self::Zed => (0, 131),
        }
    }

    /// What is to be done, for the version that is installed if it is known.
    pub fn plan(self, places: &Places, version: Option<(u32, u32)>) -> Plan {
        let (steps, advice) = match self {
            Self::Neovim => {
                let package = places.neovim_package();
                let own = NEOVIM.map(|(name, text)| Step::Own(package.join(name), text));
                (
                    own.into(),
                    "Open a Python file; `:checkhealth hotseat` says whether it works.",
                )
            }
            Self::Vim => {
                let package = places.vim_package();
                let own = VIM.map(|(name, text)| Step::Own(package.join(name), text));
                (own.into(), "Vim needs the plugin ALE for this.")
            }
            Self::Emacs => {
                let (init, folder) = places.emacs();
                let load = Edit::Line(r#"(load (locate-user-emacs-file "hotseat") t)"#);
                let steps = vec![
                    Step::Own(folder.join("hotseat.el"), EMACS),
                    Step::Edit(init, load),
                ];
                (
                    steps,
                    "`M-x eglot` or `M-x lsp` in a Python file starts it. eglot runs it instead of another server, lsp-mode beside it.",
                )
            }
            Self::Helix => {
                let servers: &[&str] = match version {
                    Some(version) if version < (24, 7) => &["pylsp"],
                    Some(version) if version < (25, 7) => &["ruff", "jedi", "pylsp"],
                    _ => &["ty", "ruff", "jedi", "pylsp"],
                };
                let advice = "The list of servers takes the place of Helix's own. `hx --health python` says which of them run.";
                (
                    vec![Step::Edit(places.helix(), Edit::Helix(servers))],
                    advice,
                )
            }
            Self::Kate => {
                let server = json!({
                    "command": ["hotseat", "lsp"],
                    "rootIndicationFileNames": ["pyproject.toml", "setup.py", ".git"],
                    "url": "",
                    "highlightingModeRegex": "^Python$",
                });
                let edit = Edit::Json(&["servers", "python"], server);
                (
                    vec![Step::Edit(places.kate(), edit)],
                    "Kate runs it instead of pylsp. Its plugin `LSP Client` has to be switched on.",
                )
            }
            Self::Sublime => {
                let client = json!({
                    "enabled": true,
                    "command": ["hotseat", "lsp"],
                    "selector": "source.python",
                });
                let edit = Edit::Json(&["clients", "hotseat"], client);
                (
                    vec![Step::Edit(places.sublime(), edit)],
                    "Sublime Text needs the package LSP for this.",
                )
            }
            Self::Vscode => (
                Vec::new(),
                "\
In hotseat's repository, with Node.js 20 or newer:

    cd editors/vscode
    npm ci
    npm run package
    code --install-extension dist/hotseat.vsix

The extension finds `hotseat` on the PATH, or by its setting `hotseat.server.path`.
",
            ),
            Self::Zed => (
                Vec::new(),
                "\
Zed takes servers from extensions alone. With Rust installed by rustup:

1. `zed: install dev extension` in the palette.
2. Choose the folder editors/zed of hotseat's repository.

Zed compiles the extension, and that finds `hotseat` on the PATH.
",
            ),
        };
        Plan {
            steps,
            advice: advice.to_owned(),
        }
    }
}
