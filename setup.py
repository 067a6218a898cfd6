"""What pyproject.toml cannot say: an installed copy carries the `resources` folder inside it."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithResources(build_py):
    def run(self) -> None:
        super().run()
        if not self.editable_mode:  # a checkout reads the folder where it lies
            target = Path(self.build_lib) / "crm_desktop" / "resources"
            shutil.copytree("resources", target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithResources})
