@echo off
rem Opens CRM Desktop from this checkout and sets everything up the first time.
setlocal DisableDelayedExpansion
set "python="
for %%P in ("py -3" "python" "python3") do if not defined python call :try %%P
if defined python goto :run
echo CRM Desktop needs Python 3.11 or newer: https://www.python.org/downloads/ 1>&2
if "%~1"=="" pause
exit /b 1

:run
call %python% "%~dp0installer\checkout\start.py" %*
set "code=%errorlevel%"
rem Whoever started it by a double click reads why before the black window closes.
if not "%code%"=="0" if "%~1"=="" pause
exit /b %code%

:try
rem Outside of the loop, whose block a bracket among the arguments would end. With "call", for
rem pyenv gives batch files of these names, and one that is not called does not come back.
call %~1 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1
if %errorlevel% equ 0 set "python=%~1"
exit /b 0
