@echo off
rem Checks everything: style, types, layers, tests. Sets everything up the first time.
setlocal DisableDelayedExpansion
set "python="
for %%P in ("py -3" "python" "python3") do if not defined python call :try %%P
if defined python goto :run
echo The tests need Python 3.11 or newer: https://www.python.org/downloads/ 1>&2
exit /b 1

:run
call %python% "%~dp0installer\checkout\check.py" %*
exit /b %errorlevel%

:try
rem Outside of the loop, whose block a bracket among the arguments would end. With "call", for
rem pyenv gives batch files of these names, and one that is not called does not come back.
call %~1 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1
if %errorlevel% equ 0 set "python=%~1"
exit /b 0
