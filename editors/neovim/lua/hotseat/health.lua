-- `:checkhealth hotseat`: why nothing is shown, if nothing is shown.
local M = {}
local health = vim.health

function M.check()
  health.start('hotseat')
  if vim.fn.has('nvim-0.11') == 0 then
    return health.error('Neovim 0.11 or newer is needed for `vim.lsp.enable`')
  end
  health.ok('Neovim ' .. tostring(vim.version()))

  local configuration = vim.lsp.config.hotseat
  local program = configuration and configuration.cmd and configuration.cmd[1]
  if type(program) ~= 'string' then
    return health.error('`lsp/hotseat.lua` is not on the runtime path', { 'See `:help hotseat-install`' })
  end
  if vim.fn.executable(program) == 0 then
    return health.error(('`%s` cannot be run'):format(program), { 'Put `hotseat` on the PATH, or name it: `vim.lsp.config("hotseat", { cmd = { "/path/to/hotseat", "lsp" } })`' })
  end
  local answer = vim.system({ program, '--version' }, { text = true, timeout = 10000 }):wait()
  local version = (answer.stdout or ''):match('^hotseat (%S+)')
  if not version then
    return health.error(('`%s --version` does not answer as hotseat does'):format(program))
  end
  health.ok(('hotseat %s, %s'):format(version, vim.fn.exepath(program)))

  if not vim.lsp.is_enabled('hotseat') then
    return health.error('The server is not enabled', { 'Write `vim.lsp.enable("hotseat")` in your `init.lua`' })
  end
  local clients = vim.lsp.get_clients({ name = 'hotseat' })
  if #clients == 0 then
    health.info('Enabled; it starts with the first Python file')
  end
  for _, client in ipairs(clients) do
    local preset = vim.tbl_get(client.settings or {}, 'hotseat', 'preset')
    health.ok(('Attached to %d buffer(s), preset %s'):format(vim.tbl_count(client.attached_buffers), type(preset) == 'string' and preset or 'as the project says'))
  end
  if not vim.g.loaded_hotseat then
    health.warn('`plugin/hotseat.lua` is not loaded: no lenses, no `:Hotseat`')
  elseif vim.g.hotseat_lenses == false then
    health.info('Lenses are switched off (`vim.g.hotseat_lenses`)')
  else
    health.ok('Lenses are shown')
  end
end

return M
