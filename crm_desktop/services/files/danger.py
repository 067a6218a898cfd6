"""What must never be opened, only saved: programs, scripts and links that start something.

The endings are those that Windows, macOS or a Linux desktop run or act on at a double click
(Microsoft, "Blocked attachments in Outlook", and the desktops' own descriptions); the first bytes
tell a program that goes by another name.
"""

from __future__ import annotations

from crm_desktop.models.text.file_names import ending_of

RUN = frozenset(
    """
    ade adp apk app appcontent-ms appimage application appref-ms appx appxbundle asp aspx bas bash
    bat bin cer chm class cmd cnt com command cpl crt csh der desktop diagcab dll dmg drv elf exe
    fish fxp gadget grp hlp hpj hta htc inf ins ipa iso img isp its jar jnlp js jse jsp ksh lib
    library-ms lnk lua mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz mjs
    mof msc msh msh1 msh2 mshxml msi msix msixbundle msp mst msu ocx ops osd out pcd php pif pl plg
    pkg prf prg printerexport ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psdm1 psm1 pst py pyc pyo pyw
    pyz pyzw rb reg rpm deb run scf scr sct search-ms service settingcontent-ms sh shb shs sys tcl
    terminal theme tmp tool url vb vbe vbp vbs vhd vhdx vsmacros vsw vxd webloc webpnp website
    wim workflow ws wsc wsf wsh xbap xll xla xlam xnk ppa ppam wbt zsh
    """.split()
)
"""Endings in small letters."""

_PROGRAMS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"dex\n", b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02\x00", b"ITSF\x03\x00\x00\x00", b"!<arch>\n", b"\xed\xab\xee\xdb",
)  # fmt: skip
_SCRIPTS = (
    b"#!", b"@echo off", b"[desktop entry]", b"[internetshortcut]", b"windows registry editor",
    b"regedit4", b"<job", b"<package>", b"<hta:", b"<?php", b"<scriptlet", b"<%@",
)  # fmt: skip


def is_program(name: str, head: bytes) -> bool:
    """Whether it could run: by its ending or by its first bytes."""
    if ending_of(name) in RUN or head.startswith(_PROGRAMS):
        return True
    if head.startswith((b"MZ", b"ZM")) and b"\x00" in head:
        return True
    return _plain(head).startswith(_SCRIPTS)


def _plain(head: bytes) -> bytes:
    """The beginning as a script reads it: in small letters, without marks of the encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
