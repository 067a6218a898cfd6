"""Common first names in normal form (`norm`), to tell a first name from a family name.

Small lists on purpose: with patronymics and the order of words they decide nearly every real row.
"""

from __future__ import annotations

RUSSIAN = frozenset(
    """
    александр алексей анатолий андрей антон аркадий арсений артем артур богдан борис вадим
    валентин валерий василий виктор виталий влад владимир владислав всеволод вячеслав геннадий
    георгий герман глеб григорий давид даниил данила денис дмитрий евгений егор захар иван игнат
    игорь илья иннокентий иосиф кирилл константин лев леонид макар максим марат марк матвей михаил
    мирон назар никита николай олег павел петр платон прохор ринат роберт родион роман ростислав
    руслан рустам савелий семен сергей станислав степан тарас тимофей тимур федор филипп эдуард
    эльдар эмиль юлиан юрий яков ярослав азамат айдар али арман ахмед ашот гурген ильдар карен
    камиль магомед мурат нурлан рамиль расул рафаэль рашид ренат санжар султан тигран фарид хасан
    шамиль эрик агата александра алена алина алиса алла альбина анастасия ангелина анжела анна
    антонина арина ася белла валентина валерия варвара василиса вера вероника виктория виолетта
    галина дарья диана дина ева евгения екатерина елена елизавета жанна зинаида злата зоя инга
    инна ирина камилла карина кира клавдия кристина ксения лариса лидия лилия любовь людмила
    маргарита марина мария марта мила милана надежда наталья наталия нелли нина оксана олеся ольга
    полина раиса регина римма розалия рената светлана серафима снежана софия софья стелла таисия
    тамара татьяна ульяна фаина эвелина элина эльвира эмма юлиана юлия яна айгуль алия алсу гузель
    гульнара дильнара зарина лейла мадина саша маша даша катя аня оля лена таня наташа ира света
    юля настя дима леша сережа миша ваня коля паша вова женя витя гоша костя слава
    """.split()
)
ENGLISH = frozenset(
    """
    aaron abigail adam adrian alan albert alex alexander alice alicia alison allison amanda
    amelia amy andrea andrew angela angelina ann anna anne anthony arthur ashley audrey ava
    barbara beatrice ben benjamin bernard beth betty beverly bill bob bonnie bradley brandon
    brenda brian bridget bruce caleb carl carla carmen carol caroline cassandra catherine
    cecilia chad charles charlotte chelsea chloe chris christian christine christopher cindy
    claire clara clifford cody colin connor courtney craig curtis cynthia dana daniel danielle
    darren david deborah debra denise dennis derek diana diane dominic donald donna doris
    dorothy douglas dylan eddie edith edward edwin eileen elaine eleanor eli elizabeth ella
    ellen emily emma eric erica erin ernest esther ethan eugene eva evan evelyn felix fiona
    frances francis frank fred gabriel gail gary gavin george gerald gilbert gina glenn gloria
    gordon grace graham greg gregory hannah harold harry hazel heather hector helen henry holly
    howard hugh hugo ian irene isaac isabel isabella isla ivan jack jackie jacob james jane
    janet jared jasmine jason jean jeff jeffrey jenna jennifer jenny jeremy jerome jerry jesse
    jessica jill jim joan joanna joanne joe joel john jonathan joseph josephine joshua joyce
    juan juanita judith judy julia julian julie justin karen katherine kathleen keira keith
    kelly kelsey ken kenneth kerry kevin kimberly kristen kristin kyle larry laura lauren
    lawrence leah lee leo leon leonard leslie lewis liam lillian lily linda lindsay lisa loretta
    lorraine louis louise lucas lucille lucy luke lydia lynn mabel mackenzie madeline malcolm
    marcus margaret maria marie marilyn marion mark marlene martha martin marvin mary matthew
    maureen maurice maxine megan melissa meredith mia michael michelle mike mildred miles miriam
    molly monica muriel nancy naomi natalie natasha nathan neil nicholas nicole nigel nina noah
    nora norma norman oliver olivia oscar owen paige pamela patricia patrick paul paula pauline
    peggy penelope peter phil philip phillip phoebe phyllis priscilla quentin rachel ralph
    ramona randall randy raymond rebecca renee rhonda richard rita rob robert robin rodney roger
    ronald rosalind rose rosemary ross roxanne roy russell ruth ryan sabrina sally sam samantha
    samuel sandra sara sarah scott sean sebastian shane shannon sharon shaun shawn sheila sherry
    shirley simon sonia sophia sophie stacey stacy stephanie stephen steve steven stuart susan
    suzanne sylvia tamara tanya tara ted terence teresa theodore theresa thomas tiffany tim
    timothy tina todd tom tony tracy travis trevor troy tyler valerie vanessa vera veronica
    victor victoria vincent virginia vivian walter wanda warren wayne wendy wesley whitney
    wilfred william yvonne zachary zoe
    """.split()
)
