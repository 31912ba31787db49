"""What is on a page or in a letter, as it is called: one module a part, in the language that is spoken."""
