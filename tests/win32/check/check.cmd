@echo off
rem Runs the tests of portsock on this Windows. README.txt says more.
if not exist "%~dp0programs\windows_check.exe" goto incomplete
"%~dp0programs\windows_check.exe" %*
exit /b %errorlevel%

:incomplete
echo Extract the whole zip first, then start check.cmd in the directory that you have extracted.
pause
exit /b 2
