"""Everything that clothbound uses of WeasyPrint 70 beyond its documented interface.

No module outside this package imports undocumented modules of WeasyPrint or reads undocumented attributes: they
call the functions here, and the protocols in ``boxes`` declare each attribute that is read. When WeasyPrint
changes one of them, ``tests/test_weasyprint_internals.py`` fails with its name.
docs/architecture.md names the change of WeasyPrint that would make each part unnecessary.
"""
