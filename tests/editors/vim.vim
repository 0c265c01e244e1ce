" hotseat in a real Vim with ALE, as a person uses it. Every step waits for what it expects and prints one line into
" $HOTSEAT_RESULT; the process ends with 1 if one failed.
set nocompatible hidden noswapfile nomore shortmess+=FW
filetype plugin on
execute 'set runtimepath^=' . fnameescape($HOTSEAT_REPOSITORY . '/editors/vim')
let g:ale_linters = {'python': []}
let g:ale_python_hotseat_executable = $HOTSEAT_PROGRAM
let g:ale_lint_delay = 50
let g:ale_echo_cursor = 0
let g:ale_hover_to_preview = 1
packadd ale
runtime plugin/hotseat.vim

let s:lines = []
let s:failed = 0

func s:Check(ok, what)
  let s:failed += a:ok ? 0 : 1
  call add(s:lines, (a:ok ? 'ok   ' : 'FAIL ') . a:what)
endfunc

func s:Eventually(condition)
  let l:start = reltime()
  while !a:condition() && reltimefloat(reltime(l:start)) < 20
    sleep 20m
  endwhile
  return a:condition()
endfunc

func s:Found()
  return filter(copy(ale#engine#GetLoclist(s:buffer)), {_, found -> get(found, 'code', '') ==# $HOTSEAT_FINDING})
endfunc

func s:Preview()
  let l:shown = filter(range(1, bufnr('$')), {_, buffer -> bufname(buffer) =~# 'ALEPreview'})
  return empty(l:shown) ? '' : join(getbufline(l:shown[0], 1, '$'), "\n")
endfunc

func s:Run()
  call s:Check(g:ale_linters.python ==# ['hotseat'], 'hotseat is among the linters')
  execute 'edit' fnameescape($HOTSEAT_FILE)
  let s:buffer = bufnr('%')
  ALELint
  call s:Check(s:Eventually({-> !empty(s:Found())}), 'diagnostic ' . $HOTSEAT_FINDING)
  let l:finding = s:Found()[0]
  call s:Check(l:finding.linter_name ==# 'hotseat', 'its source is hotseat')

  call search('\V' . $HOTSEAT_HOVER, 'w')
  ALEHover
  call s:Check(s:Eventually({-> stridx(s:Preview(), $HOTSEAT_HOVER_SAYS) >= 0}), 'hover: ' . string(s:Preview()))
  only

  " ALE asks by number: the fix is the first of what is offered here.
  call cursor(l:finding.lnum, l:finding.col)
  let l:fixed = getline('.') . $HOTSEAT_FIX_ADDS
  call feedkeys("1\<CR>\<CR>", 't')
  ALECodeAction
  call s:Check(s:Eventually({-> getline(l:finding.lnum) ==# l:fixed}), 'the fix writes ' . string(getline(l:finding.lnum)))
endfunc

func s:Main(_)
  try
    call s:Run()
  catch
    call s:Check(0, v:exception . ' at ' . v:throwpoint)
  endtry
  call writefile(s:lines, $HOTSEAT_RESULT)
  execute s:failed ? 'cquit!' : 'qall!'
endfunc
call timer_start(100, function('s:Main'))
