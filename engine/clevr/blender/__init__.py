"""Ground-truth pictures of CLEVR's scenes: Blender renders them in processes of its own, never in ours.

`look` says what the scene is made of, `arrangement` where things stand in a picture, `inside` is the program that runs
in Blender and builds it, `process` talks to it, `pool` keeps several of them at work, `records` keeps on the disk what
is done, `truth` tells what a picture shows, and `installation` finds Blender or sets it up.
"""
