"""screens"""
import pytest
from tests.browsing import *
from conftest import PASSWORD
pytestmark=[pytest.mark.django_db(transaction=True)]
PAGES="account company members teams roles roles/new brands hours first-reply channels keys audit".split()
def test_shots(live_server, wanjiru, otieno, amina, daniel):
    from rapport.accounts.actions import invite, form_team, issue_api_key, suspend, make_role, owner_link
    from rapport.accounts.models import Role
    agent=Role.objects.within(wanjiru.workspace).get(key="agent")
    inv=invite(wanjiru.actor,email="fatuma@example.com",role_id=agent.pk)
    form_team(wanjiru.actor,name="Care",department="Customer care",member_ids=[otieno.member.pk,amina.member.pk])
    issue_api_key(wanjiru.actor,name="Shop till",permissions=["conversations.see","workspace.see"])
    make_role(wanjiru.actor,name="Night desk",permissions=["workspace.see","conversations.see"])
    suspend(wanjiru.actor,daniel.member.pk)
    from rapport.channels.chat.sites import create_site
    from rapport.accounts.queries import brands_of
    site=create_site(wanjiru.actor, brand_id=brands_of(wanjiru.workspace)[0].pk, name="Web shop", origins=["https://shop.example"])
    from rapport.accounts.queries import default_calendar
    cal=default_calendar(wanjiru.workspace.pk)
    import os; os.makedirs("/tmp/e_shots",exist_ok=True)
    with chromium() as b:
        for theme,size,n in (("light",WIDE,"wl"),("dark",PHONE,"pd"),("dark",WIDE,"wd"),("light",PHONE,"pl")):
            c=b.new_context(viewport=size,color_scheme=theme); page=c.new_page()
            page.goto(live_server.url+"/sign-in/login/"); page.screenshot(path=f"/tmp/e_shots/login-{n}.png")
            page.goto(live_server.url+inv.path); page.screenshot(path=f"/tmp/e_shots/invitation-{n}.png",full_page=True)
            page.goto(live_server.url+"/sign-in/login/")
            page.get_by_label("Email").fill(wanjiru.user.email); page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button",name="Sign in",exact=True).click(); page.wait_for_url(lambda a:"login" not in a)
            for p in PAGES+[f"hours/{cal.pk}",f"channels/{site.pk}"]:
                page.goto(live_server.url+f"/w/duka/settings/{p}/")
                name=p.replace("/","_")[:14]
                page.screenshot(path=f"/tmp/e_shots/{name}-{n}.png",full_page=True)
                for x in complaints(page): print(n,p,x)
                if overflow(page): print(n,p,"WIDE",overflow(page))
            for p in ["2fa/","sessions/"]:
                page.goto(live_server.url+"/sign-in/"+p); page.screenshot(path=f"/tmp/e_shots/{p[:3]}-{n}.png",full_page=True)
