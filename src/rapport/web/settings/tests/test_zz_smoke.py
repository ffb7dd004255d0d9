import pytest
PAGES="account company members teams roles roles/new brands hours hours/new first-reply channels keys audit".split()
def test_pages(wanjiru, otieno):
    bad=[]
    for p in PAGES:
        r=wanjiru.client.get(f"/w/duka/settings/{p}/")
        if r.status_code!=200: bad.append((p,r.status_code,r.content[:300]))
        r=otieno.client.get(f"/w/duka/settings/{p}/")
        if r.status_code!=(200 if p=="account" else 403): bad.append((p,r.status_code))
    assert not bad
def test_signin(client,db):
    from rapport.accounts.actions import owner_link
    for p in ["/sign-in/login/","/sign-in/password/reset/","/sign-in/signup/",owner_link()]:
        r=client.get(p); print(p,r.status_code)
        assert r.status_code in (200,404)
