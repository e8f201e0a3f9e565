"""The study of a 2022 article on Ankara's city diplomacy."""
