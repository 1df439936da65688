"""Narrated slides: a Markdown script becomes a video with captions, chapters and a poster.

``script`` reads the source, ``slides`` draws it, ``voice`` speaks it, ``film`` joins both, ``captions`` writes what is
said and when, ``check`` listens to the result, ``lock`` remembers what was made from what, ``make`` does it all.
None of it knows a model or a request, so a page can use it as well as a command.
"""
