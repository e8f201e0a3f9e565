"""What a study of city diplomacy is made of if it has no code of its own."""

from nbproof.study import Face

FACE = Face(command="diplolib", packages=("diplolib",), commands="diplolib.commands")
