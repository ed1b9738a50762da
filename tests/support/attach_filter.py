#!/usr/bin/env python3
"""Attaches a filter to a TCP socket; the exit status is 0 if this process may. Some systems let only an administrator."""
import ctypes
import socket
import struct

SO_ATTACH_FILTER = 26
RETURN_NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
    s.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(RETURN_NOTHING)))
