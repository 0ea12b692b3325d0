"""x"""
from dataclasses import dataclass
import polars as pl
FORMAT="asc_wds"
class Social:
    def parts(self, staff, month, posts, senders): 
        return {"worker": pl.DataFrame({"_partner": []}, schema={"_partner": pl.String})}
def prepared(staff): return Social()
