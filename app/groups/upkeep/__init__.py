"""Whether listings are still true: asked every year; groups that pause, fall asleep, close, merge and come back."""
