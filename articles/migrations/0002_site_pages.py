"""Puts the standing pages of a new site in place: about, contact, comment policy, privacy, accessibility.

Only the first text of each page lives here. Editors change the pages in the admin, never through this file.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

ABOUT = """\
<h2>What is this blog?</h2>
<p>This is a blog for people who live with fibromyalgia, and for those who care about them. We read studies and retell them in plain words. Below each post, readers talk to each other.</p>
<p>You need no account to read or to comment. You can change colours, text size and spacing in the <a href="/reading-settings/">reading settings</a>.</p>

<h2>Who writes here?</h2>
<p>Editors write the posts. Each post names its author. In a discussion, the word “Editor” beside a name shows that the person belongs to this blog.</p>
<p>Moderators read the comments before they appear. They follow the <a href="/comment-policy/">comment policy</a>.</p>

<h2>How do you choose and check what you write?</h2>
<ul>
<li>Each post about a study links to that study.</li>
<li>We say how many people took part, and how sure one can be.</li>
<li>Where a number is not known to us, we say so and leave a gap.</li>
<li>We also write about studies that dampen hope.</li>
</ul>
<p>Have you found a mistake? Please <a href="/contact/">tell us</a>. We correct it.</p>

<h2>Who pays for it?</h2>
<p>There is no advertising here, and nobody pays to be mentioned. Links to books or therapists earn us nothing. If that ever changes, this page will say so first.</p>

<h2>Is this medical advice?</h2>
<p>No. We describe what studies found in groups of people. We do not know you, and we cannot tell what is right for you.</p>
<p>Please talk to your doctor before you begin, change or stop a treatment. Comments are personal experience, not advice.</p>

<h2>What if I am in a crisis?</h2>
<p>If you are in danger, or might harm yourself, call your local emergency number now. This blog is not watched around the clock, so please do not wait for an answer here.</p>
<p>Help lines differ from place to place, and local services list them. At <a href="https://findahelpline.com/">findahelpline.com</a> you can look for one where you live. You do not have to be sure that it is “bad enough”.</p>
"""

CONTACT = """\
<h2>Who reads my message?</h2>
<p>A person who belongs to this blog reads it. We usually answer within a few days. If you would like an answer, leave an email address that works.</p>

<h2>What can I write about?</h2>
<ul>
<li>a mistake in a post;</li>
<li>a comment of yours that you want changed or removed;</li>
<li>a decision about a comment that seems wrong to you;</li>
<li>something on this site that you cannot read or use;</li>
<li>a study that you would like us to explain.</li>
</ul>
<p>Please leave out private details about your health. We do not need them to help you.</p>

<h2>What if it is urgent?</h2>
<p>Please do not use this form in a medical emergency. Call your local emergency number. To find a help line where you live, go to <a href="https://findahelpline.com/">findahelpline.com</a>.</p>
"""

COMMENT_POLICY = """\
<h2>What happens to my comment?</h2>
<ol>
<li>You send it. It is stored, and only you can see it, on the device that you used.</li>
<li>A person reads it.</li>
<li>It is published, or it is declined. We do not change your words.</li>
</ol>
<p>Simple automatic checks help us to find spam. They run on this site and send your text nowhere.</p>

<h2>What are the rules?</h2>
<h3>Please do</h3>
<ul>
<li>Tell us what it was like for you.</li>
<li>Ask. No question is too small.</li>
<li>Be kind, above all when you disagree.</li>
<li>Say where a fact comes from, with a link if you can.</li>
<li>Use a nickname if you want to stay private.</li>
</ul>
<h3>Please do not</h3>
<ul>
<li>Do not tell others to start or stop a treatment.</li>
<li>Do not give private details, your own or another person’s.</li>
<li>Do not sell or advertise anything.</li>
<li>Do not insult people, or doubt that their pain is real.</li>
<li>Do not promise a cure.</li>
</ul>

<h2>How long does it take?</h2>
<p>Usually about a day. It can take longer at weekends, or when we are unwell ourselves. You need not send it again.</p>

<h2>Can I change or withdraw my comment?</h2>
<p>Yes. On the device that you wrote it on, you can change it for a short time after sending. You can withdraw it there at any time while it waits or is published.</p>
<p>After sending you see a short code. With it you can withdraw the comment from any device: follow “Withdraw a comment with its code” below the post.</p>
<p>Without the code, please <a href="/contact/">write to us</a>. Tell us the name, the post and the day. We will remove it for you.</p>

<h2>What if my comment is declined?</h2>
<p>It does not mean that you are unwelcome. Often one sentence is the reason, and you can send a new version.</p>
<p>If you think that we were wrong, <a href="/contact/">ask us to look again</a>. Where we can, another person than the first will decide. Leave an email address in that form if you would like an answer.</p>

<h2>What if somebody else’s comment is a problem?</h2>
<p>Please <a href="/contact/">write to us</a>. Tell us the post, the name and the day, and a person will look at it.</p>

<h2>What if I am in a crisis?</h2>
<p>Please do not wait for a moderator. Call your local emergency number, or find a help line at <a href="https://findahelpline.com/">findahelpline.com</a>.</p>
"""

PRIVACY = """\
<h2>What is the short version?</h2>
<ul>
<li>You need no account.</li>
<li>There are no trackers, no advertising and no visitor statistics from other companies.</li>
<li>Your browser loads everything from this site. Nothing is fetched from anyone else.</li>
<li>If you only read, we ask you for nothing.</li>
</ul>

<h2>What do you store when I comment?</h2>
<ul>
<li><strong>Your name or nickname</strong>, which is shown with your comment.</li>
<li><strong>Your text</strong>, and when you sent it. If you change it, the earlier text is kept too.</li>
<li><strong>Your email address</strong>, only if you give one. It is never shown on the site. Only administrators can see it.</li>
<li><strong>A scrambled form of your network address</strong>, for about a month. It helps us to stop floods of spam. We do not store the address itself with your comment.</li>
<li><strong>What our checks noticed</strong>, such as many links.</li>
<li><strong>What was decided</strong> about your comment, when, and why, with the moderator’s words to you.</li>
</ul>
<p>The scrambled form is called a keyed hash. Two comments from one address look alike to us. Without a secret key that stays on our server, the hash cannot be matched to an address.</p>

<h2>What do you store when I write to you?</h2>
<p>We keep what you type into the contact form, so that we can answer, until we delete it. You can ask us to delete it sooner. To stop floods, we count messages by the scrambled network address, for a limited time.</p>

<h2>Which cookies do you use?</h2>
<ul>
<li><strong>A cookie for each post that you comment on.</strong> It lets you see your own waiting comment, and change or withdraw it. It is sent only with requests for that post.</li>
<li><strong>A cookie for your reading settings.</strong> It is set only when you choose settings, and it holds nothing else.</li>
<li><strong>A safety cookie on some pages with a form.</strong> It makes sure that a form was sent by you and not by another site.</li>
</ul>
<p>People who work on this blog also get a cookie when they sign in. Readers never sign in.</p>

<h2>What stays in my own browser?</h2>
<p>While you write, a draft of your comment may be kept in your browser. So a lost connection does not cost you your words. The draft does not leave your device until you choose Preview or Send.</p>
<p>Your browser may also keep your nickname, to fill it in the next time. You can clear all of this in the settings of your browser.</p>

<h2>Who can see what I send?</h2>
<p>Everybody can see a published comment and the name on it. Search engines can find it too. So please think before you use your full name.</p>
<p>Moderators see waiting comments. We sell nothing, and we pass nothing on unless the law makes us.</p>
<p>Like any website, this one stands on a server. The company that runs the server may keep technical logs of its own. Ask us if you want to know more about them.</p>

<h2>What about links to other sites?</h2>
<p>If you follow a link, the other site has rules of its own. We do not tell it which page you came from.</p>

<h2>How do I have things removed?</h2>
<p>On the device that you wrote it on, choose “Withdraw” beside your comment, or use its code. Its text, the earlier texts, your name and your email address are then deleted.</p>
<p>For all else, <a href="/contact/">write to us</a>. You can ask what we hold about you, and have it put right or deleted. You need not give a reason.</p>
"""

ACCESSIBILITY = """\
<h2>What do we aim for?</h2>
<p>This blog is made for tired, sore and light-sensitive readers. We aim to meet WCAG 2.2 at level AA. That is the international standard for websites that everyone can use.</p>

<h2>What can you expect?</h2>
<ul>
<li>You can use everything with a keyboard alone.</li>
<li>Headings, lists and labels are marked so that a screen reader can announce them.</li>
<li>You can choose colours, text size and spacing in the <a href="/reading-settings/">reading settings</a>.</li>
<li>Without a choice of yours, the colours follow your device.</li>
<li>Nothing moves, flashes or plays by itself.</li>
<li>You can zoom in, and the text wraps to fit the screen.</li>
<li>Buttons are large, with space for unsteady hands.</li>
<li>There are no puzzles to solve before you comment.</li>
<li>Reading and commenting work without JavaScript.</li>
<li>Posts begin with a short version.</li>
</ul>

<h2>What are the known limits?</h2>
<ul>
<li>There has been no formal audit yet, and no test with a group of users.</li>
<li>Automatic checks find only some of the problems.</li>
<li>Wide tables may need sideways scrolling on a small phone.</li>
<li>We do not control the sites and papers that we link to. Many papers are hard to read.</li>
<li>Readers’ comments may hold unclear link texts or long paragraphs.</li>
</ul>

<h2>How do I report a problem?</h2>
<p>Please <a href="/contact/">tell us</a> which page it was and what went wrong. If you can, name your device, your browser and the aids that you use. A few words are enough.</p>
<p>We usually answer within a few days. If we cannot mend it soon, we will send you the content in another form.</p>
"""

PAGES = (
    ("about", "About this blog", ABOUT),
    ("contact", "Contact", CONTACT),
    ("comment-policy", "Comment policy", COMMENT_POLICY),
    ("privacy", "Privacy", PRIVACY),
    ("accessibility", "Accessibility", ACCESSIBILITY),
)


def add_pages(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    for slug, title, body in PAGES:
        pages.get_or_create(slug=slug, defaults={"title": title, "body": body, "updated_at": timezone.now()})


def remove_untouched_pages(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Going back must not cost an editor's work: a page whose text was changed stays."""
    pages = apps.get_model("articles", "Page").objects.using(schema_editor.connection.alias)
    for slug, title, body in PAGES:
        pages.filter(slug=slug, title=title, body=body).delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(add_pages, remove_untouched_pages)]
