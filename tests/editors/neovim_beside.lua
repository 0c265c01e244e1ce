-- hotseat beside ruff and a type checker on the same real module, in a real Neovim with a screen: this process types into
-- another one and looks at it. Every step waits for what it expects and prints one line; the process ends with 1 if one failed.
local failures = 0
local function check(ok, what, ...)
  if not ok then
    failures = failures + 1
  end
  io.stdout:write(ok and 'ok   ' or 'FAIL ', what:format(...), '\n')
end

local file = vim.env.HOTSEAT_FILE
local folder = vim.fs.dirname(file)
vim.fn.writefile({ '[tool.ruff.lint]', 'select = ["ASYNC", "B", "E7", "F", "RUF", "SIM"]' }, folder .. '/pyproject.toml')
local editor = vim.fn.jobstart({ vim.v.progpath, '--embed', '--clean', '-i', 'NONE', '-n' }, { rpc = true, cwd = folder })
vim.rpcrequest(editor, 'nvim_ui_attach', 110, 45, { rgb = false })
local function run(code, ...)
  return vim.rpcrequest(editor, 'nvim_exec_lua', code, { ... })
end
local function eventually(condition)
  return vim.wait(60000, condition, 50)
end

run([[
  messages = {}
  vim.notify = function(message) table.insert(messages, message) end
  vim.notify_once = vim.notify
  vim.opt.runtimepath:prepend(vim.env.HOTSEAT_REPOSITORY .. '/editors/neovim')
  vim.cmd.runtime('plugin/hotseat.lua')
  vim.lsp.log.set_level('warn')
  vim.o.autoindent = false
  -- Every key is told at once, as if it was typed slowly.
  vim.lsp.config('hotseat', { cmd = { vim.env.HOTSEAT_PROGRAM, 'lsp' }, flags = { debounce_text_changes = 0 } })
  vim.lsp.config('ruff', { cmd = { vim.env.HOTSEAT_RUFF, 'server' }, filetypes = { 'python' }, root_markers = { 'pyproject.toml' } })
  vim.lsp.config('ty', { cmd = { vim.env.HOTSEAT_TY, 'server' }, filetypes = { 'python' }, root_markers = { 'pyproject.toml' } })
  vim.lsp.enable({ 'ruff', 'ty', 'hotseat' })
  vim.cmd('filetype indent off')
  vim.cmd.edit(...)

  -- What a server shows, each with its rule, severity, line and the text of the line.
  function shown(name)
    local client = vim.lsp.get_clients({ bufnr = 0, name = name })[1]
    local found = {}
    for _, one in ipairs(client and vim.diagnostic.get(0) or {}) do
      local source = (one.source or ''):lower()
      if source == name then
        local text = vim.api.nvim_buf_get_lines(0, one.lnum, one.lnum + 1, false)[1] or ''
        table.insert(found, { code = tostring(one.code), severity = one.severity, line = one.lnum, text = vim.trim(text) })
      end
    end
    return found
  end

  function lens_titles()
    return vim.tbl_map(function(lens) return lens.command and lens.command.title or '' end, vim.lsp.codelens.get(0))
  end
]], file)

local function names()
  return run([[
    local names = vim.tbl_map(function(client) return client.initialized and client.name or '' end, vim.lsp.get_clients({ bufnr = 0 }))
    table.sort(names)
    return table.concat(names, ' ')
  ]])
end
check(eventually(function() return names() == 'hotseat ruff ty' end), 'attached: %s', names())
local encodings = run([[
  local seen = {}
  for _, client in ipairs(vim.lsp.get_clients({ bufnr = 0 })) do
    seen[client.offset_encoding] = client.name
  end
  return vim.tbl_keys(seen)
]])
check(#encodings == 1, 'one position encoding for all: %s', vim.inspect(encodings))

local hint = vim.diagnostic.severity.HINT
-- What is underlined twice on a line because both servers report it.
local function doubled()
  local by_line, both, twice = {}, 0, {}
  for _, one in ipairs(run([[return shown('ruff')]])) do
    by_line[one.line] = by_line[one.line] or {}
    by_line[one.line][one.code] = true
  end
  local same = { ['raise-without-from'] = 'B904', ['mutable-default-argument'] = 'B006', ['dangling-task'] = 'RUF006', ['bare-except'] = 'E722' }
  for _, one in ipairs(run([[return shown('hotseat')]])) do
    if by_line[one.line] and by_line[one.line][same[one.code]] then
      both = both + 1
      if one.severity ~= hint then
        table.insert(twice, one)
      end
    end
  end
  return both, twice
end
check(eventually(function()
  local both, twice = doubled()
  return both > 0 and #twice == 0
end), 'what ruff shows is no more than a hint: %s', vim.inspect({ doubled() }))
check(#run([[return shown('hotseat')]]) > 0, 'findings of its own')

-- The hovers of all servers at a place, by their names.
local function hovers_at(line, column)
  return run([[
    vim.api.nvim_win_set_cursor(0, { ... })
    local answers = {}
    local all = vim.lsp.buf_request_sync(0, 'textDocument/hover', function(client)
      return vim.lsp.util.make_position_params(0, client.offset_encoding)
    end, 20000)
    for id, answer in pairs(all or {}) do
      local contents = answer.result and answer.result.contents
      if contents then
        answers[vim.lsp.get_client_by_id(id).name] = type(contents) == 'table' and contents.value or contents
      end
    end
    return answers
  ]], line, column)
end
local function hovers(text)
  for number, line in ipairs(run([[return vim.api.nvim_buf_get_lines(0, 0, -1, false)]])) do
    local column = line:find(text, 1, true)
    if column then
      return hovers_at(number, column - 1)
    end
  end
  return {}
end
check(type(hovers('async def').hotseat) == 'string', 'a hover on a construct')
local plain = hovers('base_events')
check(plain.hotseat == nil and type(plain.ty) == 'string', 'none where the type checker has the word: %s', vim.inspect(plain))
-- Where both have something to say they say different things.
local together = 0
for _, one in ipairs(run([[return vim.diagnostic.get(0)]])) do
  if (one.source or ''):lower() == 'hotseat' then
    local both = hovers_at(one.lnum + 1, one.col)
    if both.hotseat and both.ty then
      together = together + 1
      for line in vim.gsplit(both.ty, '\n') do
        check(#line < 20 or not both.hotseat:find(line, 1, true), '%q is said once', line)
      end
    end
  end
end
check(together > 0, '%d hovers of two servers', together)

-- Typing into the middle of the file, with what is shown recorded at every change.
check(eventually(function() return #run([[return lens_titles()]]) > 0 end), 'lenses')
run([[
  records, lens_records = {}, {}
  vim.api.nvim_create_autocmd('DiagnosticChanged', { callback = function()
    table.insert(records, shown('hotseat'))
  end })
  local taken_over = vim.lsp.codelens.on_codelens
  vim.lsp.codelens.on_codelens = function(...)
    taken_over(...)
    table.insert(lens_records, lens_titles())
  end
  before, lenses_before = shown('hotseat'), lens_titles()
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if number > 500 and line:find('^class ') then
      vim.api.nvim_win_set_cursor(0, { number, 0 })
      break
    end
  end
]])
local typed = table.concat({
  'def summary(numbers, unit="ms"):',
  '    """The smallest, the middle and the largest."""',
  '    ordered = sorted(numbers)',
  '    middle = ordered[len(ordered) // 2]',
  '    return f"{ordered[0]} {middle} {ordered[-1]} {unit}"',
  '', '', '' }, '\n')
check(#typed >= 200, '%d characters are typed', #typed)
vim.rpcrequest(editor, 'nvim_input', 'O')
for character in typed:gmatch('.') do
  vim.rpcrequest(editor, 'nvim_input', character == '\n' and '<CR>' or character == '<' and '<lt>' or character)
  vim.wait(15)
end
vim.rpcrequest(editor, 'nvim_input', '<Esc>')
local function written()
  local text = table.concat(run([[return vim.api.nvim_buf_get_lines(0, 0, -1, false)]]), '\n')
  return text:find('\n' .. typed, 1, true) ~= nil
end
check(eventually(written), 'the text stands in the buffer')
-- The last answers have arrived when what has the length of the new text is known.
check(eventually(function()
  return run([[return #shown('hotseat') == #before and #records > 0 and vim.fn.mode() == 'n']])
end), 'as many findings as before')

-- Findings by what they say about which line of text; positions may move.
local function set(found)
  local keys = {}
  for _, one in ipairs(found) do
    table.insert(keys, one.code .. ' ' .. one.severity .. ' ' .. one.text)
  end
  table.sort(keys)
  return keys
end
local expected = set(run('return before'))
local records = run('return records')
check(#records > 0, '%d changes of diagnostics', #records)
local flickers = {}
for _, record in ipairs(records) do
  local now = set(record)
  if not vim.deep_equal(now, expected) then
    table.insert(flickers, { now = #now, expected = #expected })
  end
end
check(#flickers == 0, 'nothing comes or goes while typing: %s', vim.inspect(flickers))
local lenses_before = run('return lenses_before')
check(eventually(function() return #run('return lens_records') > 0 end), 'lenses are asked for again')
for _, record in ipairs(run('return lens_records')) do
  check(vim.deep_equal(record, lenses_before), 'lenses stay: %s', vim.inspect(record))
end

check(#run('return messages') == 0, 'nothing pops up: %s', vim.inspect(run('return messages')))
local said = run([[return vim.fn.execute('messages')]])
check(not said:find('[Ee]ncoding') and not said:find('[Ee]rror'), 'no messages: %s', said)
local log = table.concat(vim.fn.filereadable(run('return vim.lsp.log.get_filename()')) == 1 and vim.fn.readfile(run('return vim.lsp.log.get_filename()')) or {}, '\n')
local about_us = {}
for line in vim.gsplit(log, '\n') do
  if line:find('hotseat', 1, true) and not line:find('START', 1, true) then
    table.insert(about_us, line)
  end
end
check(#about_us == 0, 'nothing in the log: %s', vim.inspect(about_us))
local own = vim.fs.find(function(name) return name:match('%.log$') end, { path = vim.env.XDG_STATE_HOME .. '/hotseat', type = 'file' })[1]
local warnings = vim.tbl_filter(function(line) return line:find('WARN') or line:find('ERROR') end, own and vim.fn.readfile(own) or {})
check(#warnings == 0, 'nor in the log of the server: %s', vim.inspect(warnings))
vim.fn.jobstop(editor)
vim.cmd(failures == 0 and 'qall!' or 'cquit 1')
