//! Where editors keep their configuration on this system.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// The folders of a user that editors look into.
#[derive(Debug, Clone)]
pub struct Places {
    /// The user's own folder.
    pub home: PathBuf,
    /// `~/.config`, or `%APPDATA%`.
    pub config: PathBuf,
    /// `~/.local/share`, or `%LOCALAPPDATA%`.
    pub data: PathBuf,
    /// The system; the tests pretend.
    pub system: System,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Windows,
    MacOs,
    Other,
}

impl Places {
    /// The places of the user who runs the program.
    pub fn of_user() -> Option<Self> {
        let base = etcetera::choose_base_strategy().ok()?;
        let system = match std::env::consts::OS {
            "windows" => System::Windows,
            "macos" => System::MacOs,
            _ => System::Other,
        };
        let data = match system {
            System::Windows => base.cache_dir(),
            _ => base.data_dir(),
        };
        Some(Self {
            home: base.home_dir().to_owned(),
            config: base.config_dir(),
            data,
            system,
        })
    }

    /// The package of hotseat that Neovim loads by itself.
    pub fn neovim_package(&self) -> PathBuf {
        let name = std::env::var("NVIM_APPNAME").unwrap_or_else(|_| "nvim".to_owned());
        let folder = match self.system {
            System::Windows => self.data.join(name + "-data"),
            _ => self.data.join(name),
        };
        folder.join("site/pack/hotseat/start/hotseat")
    }

    /// The package of hotseat that Vim loads by itself.
    pub fn vim_package(&self) -> PathBuf {
        let folder = match self.system {
            System::Windows => "vimfiles",
            _ => ".vim",
        };
        self.home.join(folder).join("pack/hotseat/start/hotseat")
    }

    /// The file that Emacs reads first, and the folder of the user's own files.
    pub fn emacs(&self) -> (PathBuf, PathBuf) {
        let home = match self.system {
            System::Windows => &self.config,
            _ => &self.home,
        };
        let folder = home.join(".emacs.d");
        let modern = self.config.join("emacs");
        if !folder.exists() && modern.join("init.el").exists() {
            return (modern.join("init.el"), modern);
        }
        let old = [".emacs.el", ".emacs"].map(|name| home.join(name));
        let init = old.into_iter().find(|file| file.exists());
        (init.unwrap_or_else(|| folder.join("init.el")), folder)
    }

    /// Helix's languages.
    pub fn helix(&self) -> PathBuf {
        self.config.join("helix").join("languages.toml")
    }

    /// The settings of Sublime Text's package LSP.
    pub fn sublime(&self) -> PathBuf {
        let folder = match self.system {
            System::Windows => self.config.join("Sublime Text"),
            System::MacOs => self.application_support().join("Sublime Text"),
            System::Other => self.config.join("sublime-text"),
        };
        folder.join("Packages/User/LSP.sublime-settings")
    }

    /// The servers of Kate's LSP client.
    pub fn kate(&self) -> PathBuf {
        let folder = match self.system {
            System::Windows => self.data.clone(),
            System::MacOs => self.application_support(),
            System::Other => self.config.clone(),
        };
        folder.join("kate/lspclient/settings.json")
    }

    fn application_support(&self) -> PathBuf {
        self.home.join(Path::new("Library/Application Support"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(system: System, home: &Path) -> Places {
        Places {
            home: home.to_owned(),
            config: home.join("config"),
            data: home.join("data"),
            system,
        }
    }

    #[test]
    fn each_system_has_its_places() {
        let home = Path::new("/home/me");
        let windows = places(System::Windows, home);
        assert_eq!(
            windows.vim_package(),
            home.join("vimfiles/pack/hotseat/start/hotseat")
        );
        assert_eq!(windows.emacs().0, home.join("config/.emacs.d/init.el"));
        assert_eq!(
            windows.kate(),
            home.join("data/kate/lspclient/settings.json")
        );
        let mac = places(System::MacOs, home);
        let support = home.join("Library/Application Support");
        assert!(mac.sublime().starts_with(support));
        let other = places(System::Other, home);
        assert_eq!(other.emacs().0, home.join(".emacs.d/init.el"));
        assert_eq!(other.helix(), home.join("config/helix/languages.toml"));
    }

    #[test]
    fn the_file_that_emacs_reads_first_is_the_one_that_exists() {
        let folder = tempfile::tempdir().unwrap();
        let here = places(System::Other, folder.path());
        let write = |name: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "").unwrap();
            path
        };
        let modern = write("config/emacs/init.el");
        assert_eq!(here.emacs().0, modern);
        let old = write(".emacs");
        write(".emacs.d/other.el");
        assert_eq!(here.emacs(), (old, folder.path().join(".emacs.d")));
    }
}
