"""Given names that tell whether "he" or "she" can stand for somebody.

The commonest given names of the English-speaking press (United States Social Security Administration, births by
name, public domain; the names of the last hundred years that nine in ten bearers of one sex bear) and a few that the
world's news often prints. It is no list of people: it only keeps a pronoun from the wrong one, and who is
not in it be either.
"""

_HE = frozenset(
    """
    aaron abdul abraham adam adrian ahmed alan albert alberto alejandro alexander alfred ali allan allen alvin
    andre andrew andy angus anthony antonio archie arnold arthur barack barry ben benjamin bernard bernie bill
    billy bob bobby brad bradley brandon brendan brett brian bruce bryan byron calvin carl carlos cecil cedric chad
    charles charlie chester chris christopher chuck clarence clark clayton clifford clyde cody colin
    connor corey craig curtis damian dan daniel danny darrell darren dave david dean dennis derek derrick
    dick diego dmitry dominic don donald doug douglas duane duncan dustin dwayne dwight earl ed eddie edgar eduardo
    edward edwin eli elliott emmanuel enrique eric erik ernest ernie ethan eugene evan fernando floyd francisco frank franklin fred
    frederick gabriel garrett gary gavin gene geoffrey george gerald gerard gilbert glen glenn gordon graham
    greg gregory guillermo hans harold harry harvey hector henry herbert herman howard hugh hugo ian
    ibrahim isaac ivan jack jacob jaime jake james jamie jared jason javier jay jeff jeffrey jeremy jerome jerry jesse jim
    jimmy joe joel john johnny jon jonas jonathan jorge jose josh joshua juan julian julio justin karl keith ken kenneth
    kevin kurt kyle lance larry lars lawrence leo leon leonard leroy lewis lloyd louis lucas luis luke malcolm
    manuel marc marcel marco marcus mario mark martin marvin matt matthew maurice max maxwell melvin michael miguel
    mike mitch mitchell mitt mohamed mohammed muhammad nathan nathaniel neil newt nicholas nick nicolas nigel norman oliver
    omar oscar otto owen pablo patrick paul pedro perry pete peter phil philip phillip pierre rafael ralph ramon randall
    randy raul ray raymond reggie reginald ricardo richard rick ricky rob robert roberto rodney rodrigo roger roland ron
    ronald ronnie ross roy ruben rudy rudolph rupert russ russell ryan salvador sam samuel saul scott sean sebastian
    sergei sergio seth shane shaun sheldon sidney simon spencer stan stanley stefan stephen steve steven stewart stuart ted
    terrence theodore thomas tim timothy toby todd tom tommy tony travis trevor troy tyler vernon victor vince
    vincent vladimir wallace walter warren wayne wesley wilbur will william willie zachary
    """.split()
)
_SHE = frozenset(
    """
    abigail adele adriana agnes aisha alexandra alexis alice alicia alison allison alyssa amanda amber amelia amy
    ana andrea angela angelina anita ann anna anne annette annie april ariana audrey barbara beatrice becky
    bernadette bernice bertha beth bethany betsy betty beverly bonnie brenda brianna bridget brittany camille
    candace carla carmen carol carole caroline carolyn carrie catherine cathy cecilia celeste charlene charlotte
    cheryl christie christina christine cindy claire clara claudia colleen connie constance crystal
    cynthia daisy danielle darlene dawn debbie deborah debra denise diana diane dolores donna dora doris dorothy
    edith edna eileen elaine eleanor elena elisabeth elise elizabeth ella ellen eloise elsie emily emma erica erin
    esther ethel eva evelyn fatima faye felicia fiona florence frances gabriela gail geraldine gina
    gladys glenda gloria grace gretchen gwen hannah harriet hazel heather heidi helen helena hilary hillary holly     huma inez ingrid irene iris irma isabel isabella ivanka ivy jackie jacqueline jane janet janice janine jasmine
    jeanette jeanne jenna jennifer jenny jessica jill jo joan joann joanna joanne jodi josephine joyce juanita
    judith judy julia julie june kaitlyn karen karin kate katherine kathleen kathryn kathy katie katrina kay kayla
    kellyanne kendra kimberly kirsten kristen kristin kristina laura lauren leah lena lillian linda lisa liz
    lois loretta lori lorraine louise lucille lucy lydia lynn lynne mabel madeleine maggie marcia margaret maria mariah
    marie marilyn marina marissa marjorie marlene martha mary maureen megan meghan melanie melania melinda melissa
    mercedes michele michelle mildred minnie miranda miriam molly monica monique myra nadia nancy naomi natalia natalie
    nicole nina nora norma olga olivia paige pamela patricia patty paula pauline peggy penelope penny petra phyllis
    priscilla rachel ramona rebecca regina renee rhonda rita roberta rosa rosalind rose rosemary ruth sabrina sally samantha
    sandra sara sarah sharon sheila shelby shelley sherry shirley sofia sonia sophia sophie stacey stacy stella
    stephanie sue susan suzanne sylvia tamara tammy tanya tara teresa tessa thelma theresa tiffany tina tracy ursula valerie
    vanessa vera veronica vicki vicky victoria viola violet virginia vivian wanda wendy whitney yolanda yvette yvonne zoe
    """.split()
)


def gender_of(given_name: str) -> str | None:
    """The pronoun, "he" or "she", of a given name that nearly always one sex bears; None for any other."""
    name = given_name.lower()
    if name in _HE:
        return "he"
    return "she" if name in _SHE else None
