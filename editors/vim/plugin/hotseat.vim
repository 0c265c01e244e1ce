" ALE runs some linters for Python and not all of them: hotseat joins those that the user has named, or else ALE's own.
if exists('g:loaded_hotseat')
  finish
endif
let g:loaded_hotseat = 1

let s:own = ['flake8', 'mypy', 'pylint', 'pyright', 'ruff']
let s:linters = get(g:, 'ale_linters', {})
let s:python = get(s:linters, 'python', get(g:, 'ale_linters_explicit', 0) ? [] : s:own)
if type(s:python) is v:t_list && index(s:python, 'hotseat') < 0
  let g:ale_linters = extend(copy(s:linters), {'python': s:python + ['hotseat']})
endif
