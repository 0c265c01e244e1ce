-- What `:Hotseat preset` has chosen: kept in Neovim's state folder, so that it holds after a restart.
local M = {}

-- The last one leaves the choice to the project's files.
M.names = { 'learn', 'quiet', 'off', 'project' }

local function path()
  return vim.fs.joinpath(vim.fn.stdpath('state'), 'hotseat', 'preset')
end

---@return string? name what was chosen; nothing if nothing was
function M.chosen()
  local file = path()
  local name = vim.fn.filereadable(file) == 1 and vim.fn.readfile(file, '', 1)[1] or nil
  return vim.list_contains(M.names, name) and name or nil
end

---Keeps a choice. `project` is none: it is what holds without one.
function M.keep(name)
  local file = path()
  if name == 'project' then
    return vim.fn.delete(file)
  end
  vim.fn.mkdir(vim.fs.dirname(file), 'p')
  vim.fn.writefile({ name }, file)
end

---Settings with a choice in them.
function M.applied(settings, name)
  local value = name == 'project' and vim.NIL or name
  return vim.tbl_deep_extend('force', settings or {}, { hotseat = { preset = value } })
end

return M
