#!/bin/sh
# Install the Debian packages that a part of the program needs, and only those that are absent.
#
#   scripts/system_packages.sh GROUP...      groups: python, window, screenshots, postgresql
#
# Nothing is touched when everything is there. Otherwise apt runs as root, or through sudo; where
# neither is possible the exact line to run is printed and the script stops with 1.
set -eu

# Python's own venv comes in a package of its own on Debian.
python="python3 python3-venv"

# What Qt's libraries and its offscreen, xcb and wayland plugins are linked against (ldd), one line
# for each: fonts and system; OpenGL; keyboard and X11; the xcb family; wayland; printing.
window="libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 libzstd1
    libegl1 libgl1
    libxkbcommon0 libxkbcommon-x11-0 libx11-6 libx11-xcb1
    libxcb1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
    libxcb-render0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1
    libxcb-xfixes0 libxcb-xkb1
    libwayland-client0 libwayland-cursor0 libwayland-egl1
    libcups2"

# A screen without a monitor, to take pictures on.
screenshots="xvfb xauth openbox"

# A server to test against; its own cluster is not touched.
postgresql="postgresql"

wanted=""
for group in "$@"; do
    case $group in
        python) wanted="$wanted $python" ;;
        window) wanted="$wanted $window" ;;
        screenshots) wanted="$wanted $screenshots" ;;
        postgresql) wanted="$wanted $postgresql" ;;
        *) echo "$0: unknown group $group (python, window, screenshots, postgresql)" >&2; exit 2 ;;
    esac
done

if ! command -v dpkg-query >/dev/null; then
    echo "本机不是 Debian 系统。如果窗口打不开，请安装与下列名称对应的软件包：$wanted" >&2
    exit 0
fi

# Newer releases renamed some libraries (libglib2.0-0t64): the new name counts as well.
installed() {
    dpkg-query --show --showformat='${db:Status-Status}\n' "$1" "$1t64" 2>/dev/null | grep -qx installed
}

missing=""
for package in $wanted; do
    installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root="sudo"
else
    echo "缺少系统软件包，需要管理员安装。请先执行下面这一行，再重试：" >&2
    echo "    sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends$missing'" >&2
    exit 1
fi

echo "正在安装系统软件包：$missing"
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
