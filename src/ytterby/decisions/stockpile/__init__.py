"""Home to stockpiles and requisition: who goes short under which rule, and what a national stockpile is good for.

`policies` crosses rules of priority with schedules of a stockpile into scenarios, `comparing` sets what they come to
side by side on the same draws, and `answering` keeps it.
"""
