# Sourced by tests/run.sh: the two Wines.
# shellcheck shell=sh disable=SC2154

# One for the whole run, from the first part that needs it.
ensure_wine() {
    wine_is_running || start_wine || give_up "Wine does not start"
}

# For a part that starts and stops a Wine of its own.
release_wine() {
    stop_wine
    exec 9>&-
}

# An i386 Debian with nothing but Wine: one for amd64 has no 32-bit Wine without a second
# architecture in apt.
make_wine32() {
    [ "$(id -u)" = 0 ] || give_up "--wine32 needs root"
    [ -d "$PORTSOCK_CACHE/wine32" ] || {
        need mmdebstrap arch-test || return 1
        say "Making an i386 Debian with Wine"
        rm -rf "$PORTSOCK_CACHE/wine32.new"
        # shellcheck disable=SC2016
        mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
            awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')
        quietly "$logs/mmdebstrap.log" mmdebstrap --variant=minbase --architectures=i386 --include=wine,wine32 \
            --aptopt='APT::Install-Recommends "false"' bookworm "$PORTSOCK_CACHE/wine32.new" "$mirror" || return 1
        mv "$PORTSOCK_CACHE/wine32.new" "$PORTSOCK_CACHE/wine32"
    }
    quietly "$logs/wine32.log" sh cmake/wine32.sh --start
}
