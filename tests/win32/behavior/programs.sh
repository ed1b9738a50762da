# Unchanged programs over documented behavior of Windows, which behavior.dll (inject.c) puts in front of Winsock.
#   sh programs.sh EMULATOR LAUNCH.exe ECHO_SERVER.exe ECHO_CLIENT.exe PROFILE...
# Test: behavior_programs.echo on mingw-x86_64, mingw-i686
set -u
. "$(dirname "$0")/../common.sh"

wine=$1
launch=$2
echo_server=$3
echo_client=$4
shift 4

for profile in "$@"; do
    PORTSOCK_BEHAVIOR=$profile
    export PORTSOCK_BEHAVIOR
    start_server "$launch" "$echo_server" 127.0.0.1 0
    # 0.0.0.0 is no destination for Windows.
    said=$("$wine" "$launch" "$echo_client" 0.0.0.0 "$port" "$profile" 2>&1 | tr -d '\r')
    [ "$said" = "Received '$profile'" ] || failed "$profile: $said"
    wait "$server"
done

# The layer is there: it refuses a profile that it does not know.
PORTSOCK_BEHAVIOR=none "$wine" "$launch" "$echo_client" 127.0.0.1 1 x >said.txt 2>&1
! grep -q refused said.txt || failed "the layer was not loaded: $(cat said.txt)"
grep -q 'is not in profiles.def: none' said.txt || failed "the layer did not speak: $(cat said.txt)"
echo "programs run over documented behavior"
