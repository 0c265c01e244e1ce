//! Tells Zed how to start `hotseat lsp`, and hands it the settings.

use zed_extension_api::serde_json::{json, Value};
use zed_extension_api::settings::LspSettings;
use zed_extension_api::{
    register_extension, Command, Extension, LanguageServerId, Result, Worktree,
};

struct Hotseat;

impl Extension for Hotseat {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Command> {
        let settings = LspSettings::for_worktree("hotseat", worktree)?;
        let (path, arguments) = settings
            .binary
            .map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path
            .or_else(|| worktree.which("hotseat"))
            .ok_or("The program `hotseat` is not on the PATH; install it, or name it in the settings: lsp.hotseat.binary.path")?;
        Ok(Command {
            command,
            args: arguments.unwrap_or_else(|| vec!["lsp".to_owned()]),
            env: worktree.shell_env(),
        })
    }

    fn language_server_workspace_configuration(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        let settings = LspSettings::for_worktree("hotseat", worktree)?.settings;
        Ok(settings.map(|settings| json!({ "hotseat": settings })))
    }
}

register_extension!(Hotseat);
