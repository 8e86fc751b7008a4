"""Home to the words of the field: elements, materials, stages, places, units, periods, the text fold and the errors."""
