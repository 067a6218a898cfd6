@echo off
rem Opens CRM Desktop from this checkout and sets everything up the first time.
setlocal
for %%P in ("py -3" "python" "python3") do (
    %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1
    if not errorlevel 1 (
        %%~P "%~dp0installer\checkout\start.py" %*
        goto :end
    )
)
echo CRM Desktop needs Python 3.11 or newer: https://www.python.org/downloads/ 1>&2
exit /b 1
:end
exit /b %errorlevel%
