"""Starts a program as a user who owns nothing and may become nobody else, under a filter of system calls.

    python3 another-user.py FILTER PROGRAM [ARGUMENT ...]

Root calls it where no sandbox is to be had. FILTER is a file of classic BPF.
"""

import ctypes
import os
import sys

NOBODY = 65534
PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2


class Filter(ctypes.Structure):
    """The kernel's sock_fprog."""

    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]


def main() -> None:
    filter_file, program, *arguments = sys.argv[1:]
    with open(filter_file, "rb") as file:
        code = file.read()
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.chdir("/")
    libc = ctypes.CDLL(None, use_errno=True)
    rules = Filter(len(code) // 8, code)
    for call in (
        (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(rules), 0, 0),
    ):
        if libc.prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    os.execve(program, [program, *arguments], {})


main()
