<CityModel xmlns="http://www.opengis.net/citygml/3.0" xmlns:g="g" xmlns:x="x"><g:boundedBy><g:Envelope srsName="EPSG:4547"/></g:boundedBy>
<appearanceMember><Appearance><surfaceDataMember><X3DMaterial><diffuseColor>1 0 0</diffuseColor><target>#p</target></X3DMaterial></surfaceDataMember></Appearance></appearanceMember>
<versionTransitionMember><VersionTransition><from x:href="#v1"/><to x:href="#v2"/></VersionTransition></versionTransitionMember>
<versionMember><Version g:id="v1"><tag>1</tag><versionMember x:href="#old"/></Version></versionMember>
<versionMember><Version g:id="v2"><tag>2</tag><versionMember x:href="#A"/></Version></versionMember>
<cityObjectMember><Building g:id="old"/></cityObjectMember>
<cityObjectMember><CityObjectGroup g:id="G"><class>storey</class><groupMember><Role><groupMember x:href="#R"/></Role></groupMember><groupParent x:href="#A"/></CityObjectGroup></cityObjectMember>
<cityObjectMember><CityObjectGroup g:id="H"><function>lod2Storey</function><groupMember x:href="#none"/></CityObjectGroup></cityObjectMember>
<cityObjectMember><Building g:id="A"><validFrom>2001-01-01</validFrom><boundary x:href="#S"/><lod2MultiSurface x:href="#M"/><address x:href="#W"/>
<genericAttribute><GenericAttributeSet><name>E</name><genericAttribute><IntAttribute><name>n</name><value>1</value></IntAttribute></genericAttribute></GenericAttributeSet></genericAttribute>
<dynamizer><Dynamizer g:id="D"><attributeRef>a[name='heat']/b</attributeRef><dynamicData><GenericTimeseries><uom>K</uom><timeValuePair><TimeValuePair><timestamp>2001</timestamp><doubleValue>1.5</doubleValue></TimeValuePair></timeValuePair></GenericTimeseries></dynamicData><sensorConnection><SensorConnection><sensorLocation x:href="#R"/></SensorConnection></sensorConnection></Dynamizer></dynamizer>
<buildingRoom><BuildingRoom g:id="R"><lod2MultiSurface><g:MultiSurface><g:surfaceMember x:href="#p"/></g:MultiSurface></lod2MultiSurface></BuildingRoom></buildingRoom></Building></cityObjectMember>
<cityObjectMember><Building g:id="B"><terminationDate>2002-02-02</terminationDate><address><Address g:id="W"><n>5</n></Address></address><boundary><RoofSurface g:id="S"><lod2MultiSurface><g:MultiSurface g:id="M"><g:surfaceMember x:href="#p"/></g:MultiSurface></lod2MultiSurface></RoofSurface></boundary><lod2MultiSurface><g:MultiSurface><g:surfaceMember><g:Polygon g:id="p"><g:exterior><g:LinearRing><g:posList>500000 2500000 0 500009 2500000 0 500009 2500008 0 500000 2500000 0</g:posList></g:LinearRing></g:exterior></g:Polygon></g:surfaceMember></g:MultiSurface></lod2MultiSurface></Building></cityObjectMember>
</CityModel>
