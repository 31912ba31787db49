"""What is printed and kept: the words that go into the ``.typ`` files of ``letters/``."""
