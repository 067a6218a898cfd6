@echo off
rem Checks everything: style, types, layers, tests. Sets everything up the first time.
setlocal
for %%P in ("py -3" "python" "python3") do (
    %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1
    if not errorlevel 1 (
        %%~P "%~dp0installer\checkout\check.py" %*
        goto :end
    )
)
echo The tests need Python 3.11 or newer: https://www.python.org/downloads/ 1>&2
exit /b 1
:end
exit /b %errorlevel%
