-- Practice by keys alone, in a real Neovim with a screen: this process types into another one and looks at it. Every step
-- waits for what it expects and prints one line; the screens are kept as text. The process ends with 1 if a step failed.
local failures = 0
local screen
local function check(ok, what, ...)
  io.stdout:write(ok and 'ok   ' or 'FAIL ', what:format(...), '\n')
  if not ok then
    failures = failures + 1
    -- What follows would fail because of this.
    error(screen(), 0)
  end
end

local folder = vim.fs.dirname(vim.env.HOTSEAT_FILE)
local columns, lines = 110, 45
local editor = vim.fn.jobstart({ vim.v.progpath, '--embed', '--clean', '-i', 'NONE', '-n' }, { rpc = true, cwd = folder })
vim.rpcrequest(editor, 'nvim_ui_attach', columns, lines, { rgb = false })

local function run(code, ...)
  return vim.rpcrequest(editor, 'nvim_exec_lua', code, { ... })
end
local function type_keys(keys)
  vim.rpcrequest(editor, 'nvim_input', keys)
end
local function eventually(condition)
  return vim.wait(20000, condition, 50)
end
local function text()
  return table.concat(run('return vim.api.nvim_buf_get_lines(0, 0, -1, false)'), '\n')
end
local function shows(part)
  return eventually(function() return text():find(part, 1, true) ~= nil end)
end

local screens = {}
function screen()
  local rows = run([[
    vim.cmd.redraw()
    local rows = {}
    for row = 1, vim.o.lines do
      local cells = {}
      for column = 1, vim.o.columns do
        cells[column] = vim.fn.screenstring(row, column)
      end
      rows[row] = table.concat(cells)
    end
    return rows
  ]])
  table.insert(screens, table.concat(rows, '\n'))
  return screens[#screens]
end

-- Ticks the box of a choice as a person does: search for it, replace the blank.
local function tick(choice)
  type_keys('gg/\\[ \\] ' .. choice .. '<CR>lrx')
end

local function main()
  run([[
    vim.opt.runtimepath:prepend(... .. '/editors/neovim')
    vim.cmd.runtime('plugin/hotseat.lua')
    vim.lsp.config('hotseat', { cmd = { vim.env.HOTSEAT_PROGRAM, 'lsp' } })
    vim.lsp.enable('hotseat')
    vim.o.swapfile = false
    vim.o.more = false
    _G.messages = {}
    vim.notify = function(message) table.insert(_G.messages, message) end
    vim.cmd.filetype('on')
  ]], vim.env.HOTSEAT_REPOSITORY)
  type_keys(':edit ' .. vim.fn.fnameescape(vim.env.HOTSEAT_FILE) .. '<CR>')
  local clients = "return #vim.tbl_filter(function(c) return c.initialized end, vim.lsp.get_clients({ bufnr = 0, name = 'hotseat' }))"
  check(eventually(function() return run(clients) == 1 end), 'attached to the Python file')
  local began = vim.uv.hrtime()
  type_keys(':Hotseat practice<CR>')
  check(shows('### What next?'), 'the sheet opens')
  check(eventually(function() return run(clients) == 1 end), 'the sheet is served')
  local drawn = eventually(function() return screen():find('Reveal | Hint | Skip', 1, true) ~= nil end)
  screens = { screens[#screens] }
  check(drawn, 'the choices are drawn')

  for number = 1, 5 do
    if number == 1 then
      type_keys('gg/said aloud<CR>joI think so.<Esc>')
    end
    tick('Reveal')
    check(shows('### Key points'), '%d: the answer is revealed', number)
    type_keys('gg/Key points<CR>jj0lllrx')
    check(shows('- [x] '), '%d: a point is ticked', number)
    if number == 1 then
      check(text():find('I think so.', 1, true), 'what was typed stays')
      screen()
    end
    tick('Good')
    check(shows('**Good.** It comes again'), '%d: graded', number)
    if number == 2 then
      tick('Undo last')
      check(shows('Taken back: Good'), 'the grade is taken back')
      tick('Hard')
      check(shows('**Hard.** It comes again'), 'and given again')
      screen()
    end
    if number < 5 then
      tick('Next')
      check(eventually(function() return not text():find('comes again', 1, true) end), '%d: the next question', number)
    end
  end
  tick('Finish')
  check(shows('5 answers in this session: 4 good, 1 hard.') or shows('answers in this session'), 'finished: %s', text())
  local seconds = (vim.uv.hrtime() - began) / 1e9
  check(seconds < 120, 'five questions within two minutes')
  screen()
  -- What the editor undoes was graded all the same, and is not graded again.
  type_keys('uuuuuuuu')
  type_keys(':Hotseat practice gather-vs-wait<CR>')
  check(shows('How do they differ, and when do you choose which?'), 'a question of choice')
  check(#run('return _G.messages') == 0, 'nothing pops up: %s', vim.inspect(run('return _G.messages')))
end

local ok, trace = xpcall(main, debug.traceback)
check(ok, 'the script runs to its end%s', ok and '' or (': ' .. tostring(trace)))
local kept = vim.env.HOTSEAT_SCREENS
if kept then
  vim.fn.mkdir(kept, 'p')
  for number, shown in ipairs(screens) do
    vim.fn.writefile(vim.split(shown, '\n'), ('%s/neovim-practice-%d.txt'):format(kept, number))
  end
end
vim.fn.jobstop(editor)
vim.cmd(failures == 0 and 'qall!' or 'cquit 1')
