-- What `:Hotseat` does. Nothing here runs before it is asked for.
local M = {}

local presets = require('hotseat.preset')

---@return vim.lsp.Client?
function M.client()
  return vim.lsp.get_clients({ bufnr = 0, name = 'hotseat' })[1] or vim.lsp.get_clients({ name = 'hotseat' })[1]
end

local function warn(message)
  vim.notify('hotseat: ' .. message, vim.log.levels.WARN)
end

---All questions as the server lists them: `{ id, title, section, level }`.
local function questions(client)
  local answer = client:request_sync('workspace/executeCommand', { command = 'hotseat.questions' }, 5000)
  return answer and answer.result or {}
end

local function open(client, id)
  local command = { title = 'Open the question', command = 'hotseat.openQuestion', arguments = { id } }
  client:exec_cmd(command, { bufnr = 0 })
end

local run = {}

function run.question(client, id)
  if id then
    return open(client, id)
  end
  vim.ui.select(questions(client), {
    prompt = 'Question',
    kind = 'hotseat',
    format_item = function(question)
      return ('%s · %s'):format(question.section, question.title:gsub('`', ''))
    end,
  }, function(question)
    if question then
      open(client, question.id)
    end
  end)
end

---Opens the practice sheet, with a question of one's choice or the next one.
function run.practice(client, id)
  local command = { title = 'Start practice', command = 'hotseat.startPractice', arguments = id and { id } or {} }
  client:exec_cmd(command, { bufnr = 0 })
end

function run.preset(_, name)
  if not vim.list_contains(presets.names, name) then
    return warn('a preset is one of ' .. table.concat(presets.names, ', '))
  end
  presets.keep(name)
  for _, client in ipairs(vim.lsp.get_clients({ name = 'hotseat' })) do
    client.settings = presets.applied(client.settings, name)
    client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  end
end

function run.lenses(_, choice)
  if choice ~= 'on' and choice ~= 'off' then
    return warn('lenses are on or off')
  end
  vim.g.hotseat_lenses = choice == 'on'
  for _, client in ipairs(vim.lsp.get_clients({ name = 'hotseat' })) do
    for buffer in pairs(client.attached_buffers) do
      if vim.g.hotseat_lenses then
        vim.lsp.codelens.refresh({ bufnr = buffer })
      else
        vim.lsp.codelens.clear(client.id, buffer)
      end
    end
  end
end

local function ids()
  local client = M.client()
  return client and vim.tbl_map(function(question) return question.id end, questions(client)) or {}
end

local arguments = {
  question = ids,
  practice = ids,
  preset = function() return presets.names end,
  lenses = function() return { 'on', 'off' } end,
}

---@param words string[] what stands behind `:Hotseat`
function M.run(words)
  local name, argument = words[1], words[2]
  if not run[name] then
    return warn(('there is no `:Hotseat %s`'):format(name))
  end
  local client = M.client()
  if not client then
    return warn('the server does not run: open a Python file, or see `:checkhealth hotseat`')
  end
  run[name](client, argument)
end

---@param line string the command line up to the cursor
function M.complete(lead, line)
  local words = vim.split(line, '%s+', { trimempty = true })
  local done = #words - (lead == '' and 0 or 1)
  local candidates = done == 1 and vim.tbl_keys(run) or done == 2 and arguments[words[2]] and arguments[words[2]]() or {}
  table.sort(candidates)
  return vim.tbl_filter(function(word) return vim.startswith(word, lead) end, candidates)
end

return M
