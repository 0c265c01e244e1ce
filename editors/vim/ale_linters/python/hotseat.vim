" The language server for ALE, which finds this file on the runtime path and starts what it says for Python files.
call ale#Set('python_hotseat_executable', 'hotseat')
call ale#Set('python_hotseat_settings', {})

call ale#linter#Define('python', {
\   'name': 'hotseat',
\   'lsp': 'stdio',
\   'executable': {b -> ale#Var(b, 'python_hotseat_executable')},
\   'command': '%e lsp',
\   'project_root': function('ale#python#FindProjectRoot'),
\   'initialization_options': {b -> ale#Var(b, 'python_hotseat_settings')},
\})
