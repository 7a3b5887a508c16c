"""Ids of added tokens with single_word by the Rust library (tokenizers 0.23.3), for single-words.json beside this file."""
import json
from tokenizers import Tokenizer
specials=["[PAD]","[UNK]","[CLS]","[SEP]"]
words=["cov","##id","a","the","##ish","x","##x","new","pre","19",",","-","_","é","中","c","##o"]
def make(added):
    return {"version":"1.0","truncation":None,"padding":None,
     "added_tokens":[dict(id=i,content=c,single_word=False,lstrip=False,rstrip=False,normalized=False,special=True) for i,c in enumerate(specials)]+added,
     "normalizer":{"type":"BertNormalizer","clean_text":True,"handle_chinese_chars":True,"strip_accents":None,"lowercase":True},
     "pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":None,"decoder":None,
     "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{w:i for i,w in enumerate(specials+words)}}}
n=len(specials)+len(words)
A=lambda i,c,sw,norm,sp=False,l=False,r=False: dict(id=n+i,content=c,single_word=sw,lstrip=l,rstrip=r,normalized=norm,special=sp)
sets={"raw":[A(0,"covid",True,False)],"normalized":[A(0,"Covid",True,True)],"special":[A(0,"[NEW]",True,False,True),A(1,"newer",False,False)],"mixed":[A(0,"covid",True,False),A(1,"covid-19",False,True),A(2,"a the",True,True,False,True,True)]}
texts=["covid","Covid","covidish","xcovid","pre-covid, covid","covid covid19 covid_","écovid covid中","the  covid  a","[NEW] x[NEW] [NEW]x","covid-19 xcovid-19 covid-19x","a the xa the a thex","newer new newish [CLS] Covid[SEP]covid","a covid\ncovidx COVID"]
out={}
for k,a in sets.items():
    t=Tokenizer.from_str(json.dumps(make(a)))
    out[k]={"added":a,"ids":[t.encode(x,add_special_tokens=False).ids for x in texts]}
json.dump({"words":words,"texts":texts,"sets":out},open("single-words.json", "w"),ensure_ascii=False)
