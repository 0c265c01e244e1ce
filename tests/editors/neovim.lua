-- hotseat in a real Neovim, as a person uses it. Every step waits for what it expects, prints one line, and the
-- process ends with 1 if one failed. The environment names the server, this repository and the file to open.
local failures = 0
local function check(ok, what, ...)
  if not ok then
    failures = failures + 1
  end
  io.stdout:write(ok and 'ok   ' or 'FAIL ', what:format(...), '\n')
end
local function eventually(condition)
  return vim.wait(20000, condition, 20)
end

vim.opt.runtimepath:prepend(vim.env.HOTSEAT_REPOSITORY .. '/editors/neovim')
vim.cmd.runtime('plugin/hotseat.lua')
vim.lsp.config('hotseat', { cmd = { vim.env.HOTSEAT_PROGRAM, 'lsp' } })
vim.lsp.enable('hotseat')

local messages = {}
vim.notify = function(message)
  table.insert(messages, message)
end
local choice
vim.ui.select = function(items, options, done)
  for i, item in ipairs(items) do
    if (options.format_item or tostring)(item):find(choice, 1, true) then
      return done(item, i)
    end
  end
  check(false, 'a menu entry with %q', choice)
  done(nil)
end

local function position_of(text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(text, 1, true)
    if column then
      return { number, column - 1 }
    end
  end
  error(('the file has no %q'):format(text))
end

-- The text of the float that K opens with the cursor on `text`.
local function hover(text)
  vim.api.nvim_win_set_cursor(0, position_of(text))
  local shown
  vim.lsp.buf.hover()
  eventually(function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        shown = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
        vim.api.nvim_win_close(window, true)
        return true
      end
    end
    return #messages > 0
  end)
  return shown
end

local function main()
  vim.cmd.edit(vim.env.HOTSEAT_FILE)
  local buffer = vim.api.nvim_get_current_buf()
  local function client()
    return vim.lsp.get_clients({ bufnr = buffer, name = 'hotseat' })[1]
  end
  check(eventually(function() return client() and client().initialized end), 'attached through vim.lsp.enable')

  local wanted = vim.env.HOTSEAT_FINDING
  local function found()
    return vim.tbl_filter(function(d) return d.code == wanted end, vim.diagnostic.get(buffer))
  end
  check(eventually(function() return #found() > 0 end), 'diagnostic %s', wanted)
  local finding = found()[1]
  for _, other in ipairs(found()) do
    finding = other.lnum < finding.lnum and other or finding
  end
  check(finding and finding.source == 'hotseat', 'its source is hotseat')

  local function lenses()
    return vim.lsp.codelens.get(buffer)
  end
  check(eventually(function() return #lenses() > 0 end), 'lenses arrive without being asked for')
  local function drawn_lenses()
    local drawn = {}
    for _, namespace in pairs(vim.api.nvim_get_namespaces()) do
      for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, { details = true })) do
        for _, chunk in ipairs(mark[4].virt_text or {}) do
          if chunk[1]:find('Related interview question', 1, true) then
            table.insert(drawn, chunk[1])
          end
        end
      end
    end
    return drawn
  end
  check(eventually(function() return #drawn_lenses() > 0 end), 'a lens is drawn as virtual text')

  local text = hover(vim.env.HOTSEAT_HOVER)
  check(text and text:find(vim.env.HOTSEAT_HOVER_SAYS, 1, true), 'hover on %q: %s', vim.env.HOTSEAT_HOVER, vim.inspect(text))

  local function line()
    return vim.api.nvim_buf_get_lines(buffer, finding.lnum, finding.lnum + 1, false)[1]
  end
  local fixed, count = line() .. vim.env.HOTSEAT_FIX_ADDS, #found()
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
  choice = vim.env.HOTSEAT_FIX
  vim.lsp.buf.code_action({ context = { only = { 'quickfix' } } })
  check(eventually(function() return line() == fixed end), 'the quick fix writes %q: %q', fixed, line())
  check(eventually(function() return #found() == count - 1 end), 'the finding is gone after the fix')

  vim.cmd.write({ bang = true })
  local lens = lenses()[1]
  vim.api.nvim_win_set_cursor(0, { lens.range.start.line + 1, 0 })
  choice = 'Related interview question'
  vim.lsp.codelens.run()
  local opened = eventually(function()
    return vim.api.nvim_buf_get_name(0):match('%.md$') ~= nil
  end)
  local page = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  check(opened and page:find('## Key points', 1, true), 'running a lens opens the page %s', vim.fs.basename(vim.api.nvim_buf_get_name(0)))

  vim.cmd.buffer(buffer)
  local function complete(line)
    return vim.fn.getcompletion(line, 'cmdline')
  end
  check(vim.deep_equal(complete('Hotseat '), { 'lenses', 'practice', 'preset', 'question' }), ':Hotseat is completed')
  check(vim.deep_equal(complete('Hotseat question gather'), { 'gather-vs-wait' }), 'questions are completed')
  vim.cmd('Hotseat question gather-vs-wait')
  check(eventually(function() return vim.api.nvim_buf_get_name(0):match('gather%-vs%-wait%.md$') ~= nil end), 'a question opens by its name')
  vim.cmd.buffer(buffer)
  choice = 'one failing call'
  vim.cmd('Hotseat question')
  check(eventually(function() return vim.api.nvim_buf_get_name(0):match('concurrent%-error%-handling%.md$') ~= nil end), 'a question opens from the list')
  vim.cmd.buffer(buffer)

  check(#drawn_lenses() > 0, 'lenses are drawn')
  vim.cmd('Hotseat lenses off')
  check(eventually(function() return #drawn_lenses() == 0 end), 'lenses are switched off')
  vim.cmd('Hotseat lenses on')
  check(eventually(function() return #drawn_lenses() > 0 end), 'and on again')
  vim.cmd('Hotseat preset off')
  check(eventually(function() return #vim.diagnostic.get(buffer) == 0 and #lenses() == 0 end), 'nothing is shown when switched off')

  -- Another Neovim is what this one is after a restart.
  local script = vim.env.HOTSEAT_SCRATCH .. '/restarted.lua'
  vim.fn.writefile(vim.split([[
    vim.opt.runtimepath:prepend(vim.env.HOTSEAT_REPOSITORY .. '/editors/neovim')
    vim.cmd.runtime('plugin/hotseat.lua')
    vim.lsp.config('hotseat', { cmd = { vim.env.HOTSEAT_PROGRAM, 'lsp' } })
    vim.lsp.enable('hotseat')
    vim.cmd.edit(vim.env.HOTSEAT_FILE)
    local client
    vim.wait(20000, function()
      client = vim.lsp.get_clients({ bufnr = 0, name = 'hotseat' })[1]
      return client and client.initialized
    end, 20)
    local document = { textDocument = vim.lsp.util.make_text_document_params(0) }
    local lenses = client:request_sync('textDocument/codeLens', document, 20000, 0)
    local report = client:request_sync('textDocument/diagnostic', document, 20000, 0)
    io.stdout:write(('%d lenses, %d findings'):format(#lenses.result, #report.result.items))
    vim.cmd('qall!')
  ]], '\n'), script)
  local function restarted()
    local command = { vim.v.progpath, '--clean', '--headless', '-i', 'NONE', '-n', '-l', script }
    return vim.system(command, { text = true }):wait(60000).stdout
  end
  local after_off = restarted()
  check(after_off == '0 lenses, 0 findings', 'nothing is shown after a restart: %s', after_off)

  vim.cmd('checkhealth hotseat')
  local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  check(not health:find('ERROR') and not health:find('WARNING') and health:find('preset off', 1, true), 'checkhealth: %s', health)
  vim.cmd.bwipeout()
  vim.uv.fs_copyfile(vim.env.HOTSEAT_REPOSITORY .. '/editors/neovim/doc/hotseat.txt', vim.env.HOTSEAT_SCRATCH .. '/hotseat.txt')
  vim.cmd.helptags(vim.env.HOTSEAT_SCRATCH)
  local tags = table.concat(vim.fn.readfile(vim.env.HOTSEAT_SCRATCH .. '/tags'), '\n')
  check(tags:find(':Hotseat', 1, true) and tags:find('g:hotseat_lenses', 1, true), 'the help has tags')
  vim.cmd('Hotseat preset project')
  check(eventually(function() return #vim.diagnostic.get(buffer) > 0 end), 'and shown again')
  local after_project = restarted()
  check(after_project:find('^[1-9]%d* lenses'), 'after a restart as well: %s', after_project)

  vim.cmd.buffer(buffer)
  check(#vim.diagnostic.get(buffer) > 0, 'there are findings in the module')
  local settings = vim.fs.joinpath(vim.fs.dirname(vim.env.HOTSEAT_FILE), 'pyproject.toml')
  vim.fn.writefile({ '[tool.hotseat]', 'preset = "off"' }, settings)
  check(eventually(function() return #vim.diagnostic.get(buffer) == 0 end), 'the settings of the project count at once')
  check(eventually(function() return #lenses() == 0 end), 'for lenses as well')

  for _, c in ipairs(vim.lsp.get_clients()) do
    c:stop()
  end
  check(eventually(function() return #vim.lsp.get_clients() == 0 end), 'the server ends when asked to')
  check(#messages == 0, 'nothing pops up: %s', vim.inspect(messages))
end

local ok, trace = xpcall(main, debug.traceback)
check(ok, 'the script runs to its end%s', ok and '' or (': ' .. tostring(trace)))
vim.cmd(failures == 0 and 'qall!' or 'cquit 1')
