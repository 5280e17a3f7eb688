"""The kernel: what every package stands on, with no business word in it.

Packages import its modules by name: `from banyan.kernel.work import Work`.
"""
