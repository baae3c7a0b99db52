"""The first rules for "someone may be at risk", in English. Moderators change them in the admin from here on."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# A star stands for any ending. Apostrophes and accents make no difference.
PHRASES = """
kill my self | killing my self | kms | unalive* | un alive | sewerslid* | sewer slide | commit sui* | ctb
kill himself | kill herself | kill themself | kill themselves | killing himself | killing herself | killing themselves
end my life | ending my life | end it all | ending it all | end everything | end it tonight | end it today | end it soon
end it for good | end it once and for all | just end it | wants to end it | want to end it | wanna end it | going to end it
gonna end it | ready to end it | thinking of ending it | thinking about ending it | plan to end it | planning to end it
end himself | end herself | ended it all | put an end to it all | put an end to my life | put an end to myself
take my own life | taking my own life | take my life | taking my life | take her own life | take his own life
take their own life | taking her own life | taking his own life | taking their own life | take her life | take his life
wish i was dead | wish i were dead | wish she was dead | wish i would die | wish i could die | wish i could just die
wish i had died | wish i had never been born | wish id never been born | wish to die | wished i was dead | wished i were dead
better off dead | be better dead | rather be dead | sooner be dead | better if i was dead | better if i were dead
better if i died | better off if i died | be better if i was gone | be better if i were gone | if i wasnt here | if i werent here
if i was gone | if i were gone | if i was no longer here | better off without me | better without me | easier without me
better off if i was | happier without me | nobody would miss me | no one would miss me | noone would miss me
not wake up again | never wake up | never waking up | not waking up | not wake up tomorrow | hope i dont wake up
hoping i dont wake up | wish i wouldnt wake up | wish i didnt wake up | wish i dont wake up | dont want to wake up any*
dont want to wake up tomorrow | dont want to wake up again | just not wake up | and not wake up | not wake up in the morning
pray i dont wake up | praying i dont wake up | sleep forever | sleep for ever | fall asleep forever | sleep and never
die in my sleep | ready to die | ready to go now | going to die tonight | gonna die tonight | let me die | just let me die
want to be dead | wanna be dead | wants to be dead | feel like dying | feels like dying would | think* of dying | think* about dying
thoughts of dying | thoughts of death | thoughts of ending | thoughts about ending | thoughts about dying | talk* about dying
talk* of dying | talk* about wanting to die | plan* to die | plan* my death | planned my own | dying would be | death would be a relief
death would be easier | death is the only | only way out | no way out | no other way out | see a way out any* | see any way out
no reason to live | no reason to keep living | no reason left to live | no will to live | lost the will to live | lost my will to live
no reason to carry on | no reason to go on | nothing to live for | nothing left to live for | no point in living | no point living
no point in going on | no point going on | no point in carrying on | no point carrying on | no point in being alive
no point being alive | no longer want to live | no longer wish to live | no longer want to be here | no longer want to be alive
dont want to live any* | dont want to live like this | dont want to live | do not want to live | dont wanna live
dont want to be alive | do not want to be alive | dont wanna be alive | dont want to be here any* | do not want to be here any*
dont wanna be here any* | dont want to be on this earth | dont want to be in this world | dont want to exist | do not want to exist
dont wanna exist | stop existing | cease to exist | didnt exist any* | not exist any* | doesnt want to live | does not want to live
doesnt want to be here any* | does not want to be here any* | doesnt want to be alive | cant live any* | cant live like this any*
cannot live like this any* | can not live like this any* | cant live with this any* | cannot live with this any*
cant go on any* | cannot go on any* | can not go on any* | cant go on living | cannot go on living | cant go on like this
cannot go on like this | cant carry on any* | cannot carry on any* | cant carry on living | cannot face another day
cant face another day | cant face tomorrow | tired of living | tired of being alive | tired of life | sick of living | sick of being alive
done with life | done with living | finished with life | finished with living | done living | over living | given up on life
giving up on life | give up on life | life isnt worth | life is not worth | not worth living | isnt worth living | hate being alive
hate my life and want | stay alive any* | staying alive any* | not be alive | not want to be alive | want it all to end | want it all to stop
want everything to end | want everything to stop | want it all to be over | wants it all to be over | want to disappear forever | want to disappear for good
make it stop for good | make it stop forever | stop the pain forever | end the pain forever | end the pain for good
self harm* | selfharm* | harm myself | harming myself | harm herself | harm himself | harming herself | harming himself
hurting myself on purpose | hurt myself on purpose | want to hurt myself | wants to hurt herself | wants to hurt himself | urge to hurt myself
urges to hurt myself | going to hurt myself | gonna hurt myself | thinking of hurting myself | thoughts of hurting myself
cutting myself | cut my wrist* | slit my wrist* | slitting my wrist* | cut myself again | started cutting | cutting again | burning myself
take an overdose | taking an overdose | taken an overdose | took an overdose | took an od | overdose on | overdosing on | to overdose
od on | all my pills | all the pills | all my tablets | all the tablets | all my meds at once | whole bottle of pills | whole box of
whole bottle of tablets | whole pack of pills | whole packet of | enough pills to | enough tablets to | enough morphine to | enough meds to | every pill i
every tablet i | saving up my | saved up my pills | saved up my tablets | saved up enough | saving my pills | saving pills
saving tablets | stockpil* pills | stockpil* tablets | stockpil* my | stashing pills | stashing my | hoarding pills | hoarding tablets | hoarding my
hang myself | hanging myself | noose | jump off a | jump off the | jumping off a | jumping off the | jump in front of | jumping in front of
jump under | step in front of a | stepping in front of a | walk in front of a | walk into traffic | walk into the sea | walk into the river
lie on the tracks | throw myself | throwing myself | drive into a | drive my car into | driving my car into | drive off a | drive off the
crash my car on purpose | crash the car on purpose | drown myself | drowning myself | shoot myself | shooting myself | gun to my head
painless way | painless death | gas myself | poison myself | do myself in | doing myself in | top myself | topping myself | off myself | offing myself | neck myself
rope myself | finish myself off | do away with myself | make away with myself | goodbye note | goodbye letter* | farewell letter*
farewell note | my last note | my last post | my last message | my final post | my final message | last thing i will ever write
last thing i ever write | this is goodbye | goodbye everyone forever | goodbye forever | goodbye world | goodbye cruel world
by the time you read this | when you read this i | wont hear from me again | not hear from me again | wont be here tomorrow
will not be here tomorrow | not be here tomorrow | wont be here next week | wont be around much longer | wont be here much longer
not be here much longer | not see tomorrow | wont see tomorrow | wont be alive | be dead by | be dead soon | dead by tomorrow
said her goodbyes | said his goodbyes | saying my goodbyes | said my goodbyes | last goodbye* | my affairs in order | written my will
leave this world | leaving this world | leave this earth | leaving this earth | leave this life | leaving this life | out of this life
out of this world for good | in the ground | in my grave | by my own hand | my own hands to end | going to od | to od this | to od tonight | planning to od
going to jump | gonna jump | wants to jump | want to jump | thinking of jumping | about jumping | self injur* | self inflict* | self destruct*
going to hurt herself | going to hurt himself | gonna hurt herself | gonna hurt himself | wants to harm | might do to myself | could do to myself
do something to myself | did something to myself | do something stupid to | not safe with myself | dont feel safe with myself
do not feel safe with myself | feel safe alone | not safe alone | safe from myself | trust myself alone | trust myself tonight | trust myself around
not safe tonight | scared of myself | afraid of myself | want to be gone | wanna be gone | wish i was gone | wish i were gone | want it over | want it to be over
want this over | want this to be over | wants it over | wants it to be over | wish it was over | wish it was all over | wish it were over
wouldnt mind if i | would not mind if i | wouldnt mind dying | would not mind dying | if a car hit me | if a bus hit me | if a truck hit me
if a lorry hit me | if i got hit by | if something killed me | see another morning | see another day | see another christmas | see the morning
wake up to another | dying seems | dying sounds | dying is the | dying might be | death seems | death sounds | death would | welcome death | pray for death
praying for death | wait for death | waiting to die | hoping to die | hope to die | hope i die | hoping i die | has a rope | got a rope | have a rope | rope in the
looking at the knife | looking at the knives | looking at knives | i will finish it | going to finish it | gonna finish it | finish it tonight
finish it all | i will end it | ill end it | he will end it | she will end it | might end it | ending it tonight | ending things for good | end things for good
cant do this any* | cannot do this any* | dont want to do this any* | dont want this life | hate living | hate being here
cant keep living | keep myself alive | reasons to stay alive | reason to stay alive | reasons to live | reason to stay | not meant to be alive
should die | deserve to die | if i died | if i just died | notice if i was gone | ending things | end things | my heart to stop | heart would stop
opened my eyes again | open my eyes again | punish my body | hurt my body | goodbye to you all | goodbye to all of you | made my choice
someone would kill me | somebody would kill me | kill me in my sleep | death is all | think about death | thinking about death | think of death
thinking of death | dream* of dying | dreaming of death | a lot of paracetamol | a lot of pills | a lot of tablets | too much paracetamol
too many pills | too many tablets | on purpose to die | talks of dying | talks of death
""".strip()

_SELF = r"(?:m[ye]\W?sel\w*|mysl\w*|him\W?self|her\W?self|them\W?sel\w*)"
_MEDICINE = r"(?:pills?|tablets?|meds|capsules|tramadol|morphine|paracetamol|painkillers)"
_ALIVE = r"(?:alive|living|live|exist\w*|breath\w*|carry(?:ing)? on|go(?:ing)? on|keep(?:ing)? going|be(?:ing)? here|stick(?:ing)? around|see(?:ing)? tomorrow)"

# One or two words may stand between: people write as they speak.
PATTERNS = {
    r"\b(?:want|wants|wanted|wanting|wanna|wana|wnat|wan|wish|wishing|wishes|like|love|prefer|rather)\W+(?:\w+\W+){0,3}(?:die|dye|dei|dead|stop (?:breathing|living|existing|being)|not (?:be alive|exist|be here|live|wake))\b": "Wanting to die, with a few words between",
    rf"\b(?:k+i+l+\w*|unaliv\w*|hang\w*|sho+t\w*|drown\w*|poison\w*|gass\w*|end|ending|off|offing|top|topping|neck|stab\w*)\W+{_SELF}": "Killing oneself, in many spellings",
    rf"\b(?:harm|cut|starve|injure|punish|burn)(?:ing|s)?\W+{_SELF}\W+(?:on purpose|again|when|because|so that|to feel|to cope|at night|badly)": "Harming oneself",
    r"\b(?:end\w*|finish\w*|take|taking|took|give up|giving up)\W+(?:on\W+)?(?:my|his|her|their|this)\W+(?:own\W+|whole\W+|miserable\W+|stupid\W+|sad\W+)?(?:life|lives|lfe|suffering|misery|existence)\b": "Ending a life",
    r"\bsu[iy]?[cs][iy]?[sc]?[iy]?d\w{0,6}\b": "Suicide, in many spellings",
    r"\b(?:do(?:n['’]?t| not)|does(?:n['’]?t| not)|didn['’]?t|did not|no longer|never|not)\W+(?:\w+\W+)?(?:want|wanna|wish|wan|wanting)\W+(?:to\W+)?(?:be\W+|keep\W+|stay\W+|go\W+on\W+)*(?:live|living|alive|exist|existing|this life|my life|life any)": "Not wanting to live",
    rf"\b(?:points?|reasons?|use|sense|purpose|worth|why|bother|tired|sick|hate|exhausted|afraid|fed up|done|enough)\W+(?:\w+\W+){{0,3}}{_ALIVE}\b": "No reason to live",
    r"\b(?:stay|staying|keep|keeping|remain|remaining|be|being|am|still)\W+alive\b": "Staying alive",
    r"\b(?:end|ended|ending|ends)\W+it\b": "Ending it",
    r"\b(?:i|he|she|they|should|could|might|will|ll|d|just)\W+(?:\w+\W+)?(?:end|finish)\W+(?:things|everything|this|it all)\b": "Ending things",
    rf"\b(?:took|taken|take|taking|swallow\w*|had|eat|ate)\W+(?:\w+\W+){{0,2}}(?:loads?|lots|bunch|handfuls?|bottles?|box|boxes|packets?|packs?|too many|the whole|the rest|every)\W+(?:\w+\W+){{0,4}}{_MEDICINE}": "Too many tablets",
    r"\b(?:how many|how much|enough)\W+(?:\w+\W+){0,4}(?:it takes|it would take|would it take|would kill|would be enough|to (?:die|kill|end|sleep for|never|not wake|be sure|do it|finish))": "How many it takes",
    rf"\b{_MEDICINE}\b(?:\W+\w+){{0,6}}\W+(?:it takes|would kill|kills you|to die|and not wake|and never wake)": "How many it takes",
    r"\b(?:tonight|tomorrow|today|this|sunday|saturday|friday)\W+(?:is|will be)\W+(?:going to be\W+)?(?:my|the)\W+(?:very\W+)?last\W+(?:night|day|hour|time|evening|christmas|birthday)\b": "The last night",
    r"\b(?:attempted|tried|tries|trying|attempt|attempts)\W+(?:\w+\W+){0,2}(?:last night|again last|twice before|on (?:my|his|her) life|to (?:die|kill|end|hang|jump|od|overdose|drown|harm))": "An attempt",
    r"\bi\W+attempted\W+(?:again|last|twice|yesterday|this|in|when|on)": "An attempt",
    r"\bcutting\W+(?:is|helps|calms|myself|makes|gives|feels|my)\b": "Cutting",
    r"\b(?:better|happier|easier|fine|free|freer|be|cope|off|lighter|manage)\W+(?:\w+\W+){0,3}without\W+me\b": "Better without me",
    r"\b(?:let go of the wheel|take my hands off the wheel|steer\w* into|drive\w* into|swerv\w* into|crash\w* (?:my|the) car|into oncoming|under a (?:train|bus|lorry|truck))\b": "On the road",
    r"\b(?:jump|jumping|jumped|step|stepping)\W+(?:off|from|in front|onto the (?:tracks|rails)|out of the window|out the window)\b": "Jumping",
    r"\b(?:a|the|my)\W+(?:rope|noose|gun|blade|razor|razors|knife)\W+(?:\w+\W+){0,4}(?:ready|tonight|for me|under my|in my (?:hand|drawer|bag)|round my|around my)\b": "A means at hand",
    r"\b(?:how|ways?|methods?)\W+(?:\w+\W+){0,3}(?:to\W+)?(?:kill|die|end)\W+(?:my|it|painless|quick|without)": "Looking for a way",
}


def phrases() -> list[str]:
    return [phrase.strip() for line in PHRASES.splitlines() for phrase in line.split("|")]


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rule = apps.get_model("comments", "Rule")
    note = "Came with the blog; see docs/decisions/0009-crisis-rules.md."
    rules = [rule(action="risk", form="phrase", text=text, note=note) for text in phrases()]
    rules += [
        rule(action="risk", form="pattern", text=text, note=f"{what}. {note}")
        for text, what in PATTERNS.items()
    ]
    rule.objects.bulk_create(rules, ignore_conflicts=True)


def take_back(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    seeded = [*phrases(), *PATTERNS]
    apps.get_model("comments", "Rule").objects.filter(action="risk", language="en", text__in=seeded).delete()


class Migration(migrations.Migration):
    dependencies = [("comments", "0007_comment_shown")]
    operations = [migrations.RunPython(fill, take_back)]
